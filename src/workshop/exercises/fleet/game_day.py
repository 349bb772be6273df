"""The game day: six things are broken; the check looks at the fleet, and at nothing else."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from workshop.checks.bench import Bench, NotYet, need, need_function
from workshop.checks.registry import exercise
from workshop.exercises.documentation import TEMPORAL
from workshop.exercises.fleet.project import project
from workshop.game.judging import Verdict, judge
from workshop.game.orders import Remote, serve

if TYPE_CHECKING:
    from workshop.game.day import Day

_LOOK = "`mend`"
_MENDING = 90.0
_PATIENCE = 40.0
"""Seconds in which a mended fleet must come to its end: a step is tried again every few seconds."""


@exercise(
    proves="A fleet that was broken in six ways is whole: each run has ended as it should, and the money is right.",
    hints=(
        "Begin with what a look says of each run: is it the code, the workers, what the run was given, or the queue?",
        'Files: `day.edit(...)` and `day.deploy()`. Queues: `day.temporal("task-queue", "config", "set", ...)`. '
        f"Runs: `terminate(reason)`, and `await day.retry()` for mended code: {TEMPORAL}/cancellation",
        "Two faults are in `workers.toml`: a department that no worker serves, and a variable with an old value. "
        "Two are in "
        "code: a name that there is not, and a `time.sleep` in an async function. One is a limit at a queue "
        "(`default` takes it away). One run was given what nobody can mend: end it, with a reason.",
    ),
    timeout=300,
    note="starts the fleet of your day, and has `mend` at it: a minute or so",
    not_replayed="the fleet's runs are on a server of their own, and their code is not the learner's",
)
async def game_day(bench: Bench) -> str:
    """A fleet of the learner's seed is begun and mended, or the one that was mended by hand is looked at."""
    # Here, and not above: it brings the lab, which no other check needs before it is asked.
    from workshop.game.day import today

    with project(bench):
        told: dict[str, Any] = await bench.run(_probe_file)
        if told["by_hand"]:
            day = today()
            if day is None:
                raise NotYet("a day in this notebook", "none", "`day = await lab.game_day(18)`")
            verdict = await judge(day, _PATIENCE)
            _judge(verdict)
            minutes = f"{(time.time() - day.began) / 60:.0f} min"
            return f"{_score(day, verdict)} It took you {minutes}."
        async with _played(bench, told["seed"]) as day:
            reach = {"root": str(bench.directory), "address": day.address}
            await bench.run(_probe_mend, reach, timeout=_MENDING)
            verdict = await judge(day, _PATIENCE)
            _judge(verdict)
            return _score(day, verdict)


@contextlib.asynccontextmanager
async def _played(bench: Bench, seed: int) -> AsyncIterator[Day]:
    from workshop.game.day import Day

    day = Day(seed, bench.directory, bench.scope)
    try:
        await day.begin()
        serving = asyncio.create_task(serve(day))
        try:
            yield day
        finally:
            serving.cancel()
    finally:
        day.end()


def _judge(verdict: Verdict) -> None:
    """Raises NotYet where the fleet is not whole."""
    if verdict.wrong:
        raise NotYet("a fleet in which nothing is lost", "; ".join(verdict.wrong[:3]), _LOOK)
    if verdict.open:
        named = ", ".join(verdict.open[:4]) + (" ..." if len(verdict.open) > 4 else "")
        number = len(verdict.open)
        raise NotYet(
            "each run to come to its end",
            f"{number} {'still stand' if number > 1 else 'still stands'} there: {named}",
            "your three looks, at this run",
        )


def _score(day: Day, verdict: Verdict) -> str:
    named = ", ".join(verdict.ended) or "none"
    return (
        f"{len(day.runs)} runs, {len(day.kinds)} faults. Ended without a result: {named}. "
        f"Model calls paid twice: {verdict.repeats}."
    )


def _probe_file(module: ModuleType) -> dict[str, Any]:
    need_function(module, "mend", is_async=True)
    seed = need(module, "SEED", int, "a whole number")
    return {"seed": seed, "by_hand": need(module, "BY_HAND", bool, "True or False")}


async def _probe_mend(module: ModuleType, reach: dict[str, str]) -> None:
    await need_function(module, "mend", is_async=True)(Remote(Path(reach["root"]), reach["address"]))
