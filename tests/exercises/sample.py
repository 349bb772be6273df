"""Which answers `make test` judges: of each exercise a right one, and in each lesson one wrong one of each kind.

The solutions themselves are run by nbval. `make prove` judges every answer.
"""

from __future__ import annotations

import functools
from collections import Counter
from pathlib import Path

from tests.exercises.answers import Answer, answers


@functools.cache
def sample() -> frozenset[Path]:
    """The files of the chosen answers.

    Among those of a kind, the one is taken whose exercise has the fewest so far: each gets its share.
    """
    every = answers()
    chosen: dict[Path, Answer] = {}
    for answer in every:
        if not answer.kind and not any(one.file == answer.file for one in chosen.values()):
            chosen[answer.path] = answer
    taken: Counter[str] = Counter()
    by_kind: dict[tuple[str, str], list[Answer]] = {}
    for answer in every:
        if answer.kind:
            by_kind.setdefault((answer.path.parents[1].name, answer.kind), []).append(answer)
    # The rarest kinds first: they have the least choice.
    for same in sorted(by_kind.values(), key=len):
        one = min(same, key=lambda answer: taken[answer.file])
        taken[one.file] += 1
        chosen[one.path] = one
    # An exercise none of whose answers was needed for its kind still meets a wrong one.
    for answer in every:
        if answer.kind and not taken[answer.file]:
            taken[answer.file] += 1
            chosen[answer.path] = answer
    return frozenset(chosen)
