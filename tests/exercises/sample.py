"""Which answers `make test` judges: a right one and a wrong one to each exercise, and every kind of mistake.

The solutions themselves are run by nbval. `make prove` judges every answer.
"""

from __future__ import annotations

import functools
from collections import Counter
from pathlib import Path

from tests.exercises.answers import Answer, answers


@functools.cache
def sample() -> frozenset[Path]:
    """The files of the chosen answers."""
    right: dict[str, Answer] = {}
    wrong: list[Answer] = []
    for answer in answers():
        if answer.kind:
            wrong.append(answer)
        else:
            right.setdefault(answer.file, answer)
    common = Counter(answer.kind for answer in wrong)
    chosen: list[Answer] = []
    # The rarest kind first, since it has the least choice; then, for each exercise without one, what is rare so far.
    for kind in sorted(common, key=lambda kind: common[kind]):
        taken = Counter(answer.file for answer in chosen)
        chosen.append(min((one for one in wrong if one.kind == kind), key=lambda one: taken[one.file]))
    for file in right:
        if all(answer.file != file for answer in chosen):
            so_far = Counter(answer.kind for answer in chosen)
            chosen.append(min((one for one in wrong if one.file == file), key=lambda one: so_far[one.kind]))
    return frozenset(answer.path for answer in (*right.values(), *chosen))
