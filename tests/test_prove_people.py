"""An even sample of the proof of part 4: every 30th boundary of lessons 5 and 6. ``make prove`` has all of them."""

from __future__ import annotations

import asyncio

import pytest
from prove.two_workers import NATIVE_NO, RESEARCH, SDK_YES, Proven, Row, prove_people

from workshop.lab import processes
from workshop.settings import Settings

# One process: the first test waits for the whole proof, the others look at what came of it.
pytestmark = [pytest.mark.timeout(300), pytest.mark.xdist_group("tests/test_prove_people.py")]

EVERY = 30
AT_ONCE = 2  # beside lessons whose checks need the same server, and two processors
STORIES = (RESEARCH, NATIVE_NO, SDK_YES)
DEAD_WORKERS = [
    "chat: three messages while nobody works",
    "native, approved: pressed, both workers killed, pressed again",
    "SDK, approved: pressed, both workers killed, pressed again",
]


@pytest.fixture(scope="module")
def proven(services: Settings) -> dict[str, Proven]:
    return {one.story: one for one in asyncio.run(prove_people(services, EVERY, STORIES, AT_ONCE))}


def killed(proven: Proven) -> list[Row]:
    undisturbed, *others = proven.rows
    assert undisturbed.problems == []
    return others


@pytest.mark.parametrize("story", [story.name for story in STORIES])
def test_both_workers_killed_in_turn(proven: dict[str, Proven], story: str) -> None:
    rows = killed(proven[story])
    assert [(row.title, row.problems) for row in rows if not row.ok] == []
    assert any(len(row.killed_at) == 2 for row in rows)
    assert all(row.repeated == 0 for row in rows)


def test_dead_workers(proven: dict[str, Proven]) -> None:
    rows = proven["dead workers"].rows
    assert [row.title for row in rows] == DEAD_WORKERS
    assert [(row.title, row.problems) for row in rows if not row.ok] == []


def test_no_process_is_left(proven: dict[str, Proven]) -> None:
    left = [one for one in processes.all_processes().values() if one.name.startswith("prove-")]
    assert left != []
    assert not any(one.running for one in left)
