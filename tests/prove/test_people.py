"""An even sample of the people's proof: every 80th boundary, and those around a continue-as-new.

``make prove`` has all of them.
"""

from __future__ import annotations

import asyncio

import pytest

from tests.prove.at_boundaries import AtBoundaries, unreached
from tests.prove.in_full_swing import InFullSwing
from tests.prove.people import Sample, prove_people
from tests.prove.stories import NATIVE_NO, RESEARCH, SDK_YES, WATCH, Row
from tests.prove.two_workers import Proven
from workshop.lab import processes
from workshop.settings import Settings

# One process: the first test waits for the whole proof, the others look at what came of it.
pytestmark = pytest.mark.timeout(300)

AT_ONCE = 2  # beside lessons whose checks need the same server, and two processors
AT_BOUNDARIES = Sample(80, (RESEARCH, NATIVE_NO, SDK_YES, WATCH))
IN_FULL_SWING = Sample(60, (RESEARCH,))
DEAD_WORKERS = [
    "chat: three messages while nobody works",
    "native, approved: pressed, both workers killed, pressed again",
    "SDK, approved: pressed, both workers killed, pressed again",
]

Found = dict[tuple[str, str], Proven]


@pytest.fixture(scope="module")
def proven(services: Settings) -> Found:
    found = asyncio.run(prove_people(services, AT_BOUNDARIES, IN_FULL_SWING, AT_ONCE))
    return {(one.story, one.way): one for one in found}


def killed(proven: Proven) -> list[Row]:
    undisturbed, *others = proven.rows
    assert undisturbed.problems == []
    return others


@pytest.mark.parametrize("story", [story.name for story in AT_BOUNDARIES.stories])
def test_both_workers_killed_at_boundaries(proven: Found, story: str) -> None:
    rows = killed(proven[story, AtBoundaries.name])
    assert [(row.title, row.problems) for row in rows if not row.ok] == []
    assert rows != []
    assert all(len(row.killed_at) == 2 for row in rows)
    assert all(row.repeated == 0 for row in rows)


def test_both_workers_killed_in_full_swing(proven: Found) -> None:
    rows = [row for story in IN_FULL_SWING.stories for row in killed(proven[story.name, InFullSwing.name])]
    assert [(row.title, row.problems) for row in rows if not row.ok] == []
    assert any(len(row.killed_at) == 2 for row in rows)
    assert all(row.repeated == 0 for row in rows)


def test_dead_workers(proven: Found) -> None:
    rows = proven["dead workers", ""].rows
    assert [row.title for row in rows] == DEAD_WORKERS
    assert [(row.title, row.problems) for row in rows if not row.ok] == []


@pytest.mark.parametrize(
    "left_out", [None, "2 WorkflowTaskScheduled", "5 ActivityTaskScheduled", "8 WorkflowTaskScheduled"]
)
def test_a_boundary_that_is_left_out_is_told(left_out: str | None) -> None:
    names = [
        "WorkflowExecutionStarted",
        "WorkflowTaskScheduled",
        "WorkflowTaskStarted",
        "WorkflowTaskCompleted",
        "ActivityTaskScheduled",
        "ActivityTaskStarted",
        "ActivityTaskCompleted",
        "WorkflowTaskScheduled",
        "WorkflowTaskStarted",
        "WorkflowTaskCompleted",
        "WorkflowExecutionCompleted",
    ]
    places = [f"{n} {names[n - 1]}" for n in (2, 3, 5, 6, 8, 9)]
    assert unreached(names, [place for place in places if place != left_out]) == (
        [left_out] if left_out else []
    )


def test_no_process_is_left(proven: Found) -> None:
    left = [one for one in processes.all_processes().values() if one.name.startswith("prove-")]
    assert left != []
    assert not any(one.running for one in left)
