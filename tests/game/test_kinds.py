"""The kinds of fault: what they change is there to be changed, and a seed is a day."""

from __future__ import annotations

from importlib.resources import files
from itertools import pairwise

import pytest

from workshop.game.fleet import RUNS, may_end, runs_of
from workshop.game.kinds import BROKEN, KINDS, Kind, kinds_of

TEMPLATE = files("workshop.game") / "template"


def test_there_are_a_dozen_and_each_breaks_a_department_of_its_own() -> None:
    assert len(KINDS) == 12
    assert len({kind.department for kind in KINDS}) == len({kind.name for kind in KINDS}) == 12
    assert {kind.department for kind in KINDS} <= {run.department for run in RUNS}


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind.file], ids=lambda kind: kind.name)
def test_what_a_kind_changes_stands_once_in_its_file(kind: Kind) -> None:
    text = (TEMPLATE / kind.file).read_text(encoding="utf-8")
    assert text.count(kind.old) == 1
    # What takes its place may be shorter than what was there, and part of it.
    assert kind.new not in text.replace(kind.old, "")


def test_a_seed_is_a_day_and_another_seed_another() -> None:
    assert [kind.name for kind in kinds_of(18)] == [
        "typo",
        "no worker",
        "old key",
        "low limit",
        "blocking tool",
        "poisoned input",
    ]
    assert all(len({kind.name for kind in kinds_of(seed)}) == BROKEN for seed in range(50))
    assert all(kinds_of(seed) != kinds_of(following) for seed, following in pairwise(range(50)))
    assert {kind.name for seed in range(50) for kind in kinds_of(seed)} == {kind.name for kind in KINDS}


def test_only_what_nobody_can_mend_may_end_without_a_result() -> None:
    may = {run.id for run in runs_of(list(KINDS)) if may_end(run, list(KINDS))}
    assert may == {"places-3", "poems-2", "visits-1", "visits-2"}
    assert {run.id for run in RUNS if may_end(run, [])} == {"poems-2"}
