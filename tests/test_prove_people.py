"""A small sample of the proof of part 4: a few kills of each run. ``make prove`` has all of them."""

from __future__ import annotations

import asyncio

import pytest
from prove.two_workers import NATIVE_YES, RESEARCH, SDK_NO, Proven, prove_people

from workshop.lab import processes
from workshop.settings import Settings

# One process: the first test waits for the whole proof, the others look at what came of it.
pytestmark = [pytest.mark.timeout(300), pytest.mark.xdist_group("tests/test_prove_people.py")]

EVERY = 18
STORIES = (RESEARCH, NATIVE_YES, SDK_NO)


@pytest.fixture(scope="module")
def proven(services: Settings) -> dict[str, Proven]:
    return {one.story: one for one in asyncio.run(prove_people(services, EVERY, STORIES))}


@pytest.mark.parametrize("story", [story.name for story in STORIES])
def test_both_workers_killed_in_turn(proven: dict[str, Proven], story: str) -> None:
    rows = proven[story].rows
    assert [(row.title, row.killed_at, row.problems) for row in rows if not row.ok] == []
    assert len(rows) >= 2
    assert any(len(row.killed_at) == 2 for row in rows)
    assert all(row.repeated == 0 for row in rows)


def test_messages_to_a_dead_chat_and_a_button_pressed_again(proven: dict[str, Proven]) -> None:
    rows = proven["dead workers"].rows
    assert [(row.title, row.killed_at, row.problems) for row in rows if not row.ok] == []
    assert [row.presses for row in rows] == ["", "1 of 2", "1 of 2"]


def test_no_process_is_left(proven: dict[str, Proven]) -> None:
    left = [one for one in processes.all_processes().values() if one.name.startswith("prove-")]
    assert left != []
    assert not any(one.running for one in left)
