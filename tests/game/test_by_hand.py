"""The game day played by hand, in the notebook: 9.8 with ``BY_HAND = True`` looks at the day that was begun there."""

from __future__ import annotations

import asyncio
import importlib
from pathlib import Path

import pytest

from tests.exercises.answers import lay_out, written_at_the_end
from workshop import catalog
from workshop.checks.engine import evaluate
from workshop.checks.outcomes import Outcome
from workshop.game.day import Day, game_day, today
from workshop.lab.gateway_client import FaultSpec
from workshop.settings import Settings

FILE = "my/fleet/game_day.py"


async def looked_at(folder: Path) -> Outcome:
    exercise = catalog.exercise_of(FILE)
    assert exercise
    return await evaluate(exercise.id, folder)


async def deployed_in_a_call(day: Day) -> None:
    """See that a call that is under way when the workers are started anew is not paid again."""
    held = day._gateway.add_fault(FaultSpec(route="model", kind="delay", when="after", delay=3, calls=1))
    client = await day.connect()
    poem = await client.start_workflow("Poem", "Write about fog.", id="poems-3", task_queue="poems")
    await day._gateway.wait_for_hits(held.id, timeout=60)
    await asyncio.to_thread(day.deploy, "agents")
    # Long before the minute after which the call of a worker that was killed is made again.
    await asyncio.wait_for(poem.result(), 40)
    assert day.meter().model.repeats == 0


@pytest.mark.timeout(300)
async def test_a_day_mended_by_hand(
    services: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    notebook = catalog.lesson_of("fleet").file
    answer = written_at_the_end(notebook)[FILE]
    assert answer.count("BY_HAND = False") == 1
    lay_out(tmp_path, FILE, answer.replace("BY_HAND = False", "BY_HAND = True"))

    outcome = await looked_at(tmp_path)
    assert "a day in this notebook" in outcome.block()

    try:
        day = await game_day(18)
        assert today() is day
        outcome = await looked_at(tmp_path)
        assert outcome.block().startswith("NOT YET")
        assert "9 still stand there" in outcome.block()

        await deployed_in_a_call(day)
        await importlib.import_module("my.fleet.game_day").mend(day)
        outcome = await looked_at(tmp_path)
        assert outcome.block().startswith("PASSED"), outcome.block()
        assert (
            "Ended without a result: poems-2, places-3. Model calls paid twice: 0. It took you"
            in outcome.block()
        )
    finally:
        if day := today():
            day.end()
