"""Which answers `make test` judges: a wrong one to each exercise, and every kind of mistake.

That a right one passes, the notebooks show: nbval runs the check of each solution. `make prove` judges every answer,
the other right ones too, which are the dearest, since their checks go all the way.
"""

from __future__ import annotations

import functools
from collections import Counter
from pathlib import Path

from tests.exercises.answers import Answer, answers


@functools.cache
def sample() -> frozenset[Path]:
    """The files of the chosen answers."""
    wrong = [answer for answer in answers() if answer.kind]
    common = Counter(answer.kind for answer in wrong)
    chosen: list[Answer] = []
    # The rarest kind first, since it has the least choice; then, for each exercise without one, what is rare so far.
    for kind in sorted(common, key=lambda kind: common[kind]):
        taken = Counter(answer.file for answer in chosen)
        chosen.append(min((one for one in wrong if one.kind == kind), key=lambda one: taken[one.file]))
    for file in dict.fromkeys(answer.file for answer in wrong):
        if all(answer.file != file for answer in chosen):
            so_far = Counter(answer.kind for answer in chosen)
            chosen.append(min((one for one in wrong if one.file == file), key=lambda one: so_far[one.kind]))
    return frozenset(answer.path for answer in chosen)
