"""An even sample of the agents' proof: every 7th boundary, every 11th fault. ``make prove`` has all of them."""

from __future__ import annotations

import asyncio

import pytest

from tests.prove.agents import AGENTS, QUESTIONS
from tests.prove.proof import Proven, prove_agents
from workshop.lab import processes
from workshop.settings import Settings

# One process: the first test waits for the whole proof, the others look at what came of it.
pytestmark = pytest.mark.timeout(300)

EVERY_KILL = 7
EVERY_FAULT = 11

NAMES = [agent.name for agent in AGENTS]


@pytest.fixture(scope="module")
def proven(services: Settings) -> dict[str, Proven]:
    found = asyncio.run(prove_agents(services, EVERY_KILL, EVERY_FAULT))
    return {one.agent.name: one for one in found}


@pytest.mark.parametrize("agent", NAMES)
def test_undisturbed(proven: dict[str, Proven], agent: str) -> None:
    assert [row.problems for row in proven[agent].undisturbed] == [[]] * len(QUESTIONS)
    assert [whole.meter.model.completed for whole in proven[agent].wholes] == [2, 4, 1]


@pytest.mark.parametrize("agent", NAMES)
def test_worker_killed_at_every_seventh_boundary(proven: dict[str, Proven], agent: str) -> None:
    rows = proven[agent].kills
    assert [(row.question, row.title, row.problems) for row in rows if not row.ok] == []
    assert {row.question for row in rows} == {question.name for question in QUESTIONS}
    assert len(rows) >= 8
    assert all(row.hit and row.answer == "the same" and row.repeated == 0 for row in rows)
    # A call in flight is made again, but is not among those that count as repeated.
    assert any(row.again == "model" for row in rows)


@pytest.mark.parametrize("agent", NAMES)
def test_every_eleventh_fault(proven: dict[str, Proven], agent: str) -> None:
    rows = proven[agent].faults
    assert [(row.title, row.problems) for row in rows if not row.ok] == []
    assert len(rows) >= 7
    assert all(row.repeated == 0 for row in rows)


def test_no_process_is_left(proven: dict[str, Proven]) -> None:
    left = [one for one in processes.all_processes().values() if one.name.startswith("prove-worker-")]
    assert left != []
    assert not any(one.running for one in left)
