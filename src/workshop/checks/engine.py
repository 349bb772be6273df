"""Runs one check from beginning to end: the same way for a notebook, a test and the grader."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Generator
from pathlib import Path
from typing import Any

from workshop import catalog
from workshop.catalog import LessonError
from workshop.settings import Settings, SettingsError, load

from . import progress
from .bench import Bench, missing_file, placeholder_line
from .cells import note_on
from .exercise import Exercise
from .fault import REPORT, verdict_on
from .outcomes import CheckFailed, CourseProblem, Interrupted, NotYet, NotYetAttempted, Outcome, shorten
from .registry import find, function_of
from .runner import runner
from .suspects import run_at_import


class check:
    """``await check("1.2")`` runs the check of an exercise and prints how it ended.

    Raises, when awaited:
        NotYetAttempted: the file is not there, or is still as it came.
        NotYet: the code does not do yet what the exercise asks.
        CourseProblem: the course is at fault.
        Interrupted: it was interrupted; the learner's processes have ended, and nothing was judged.
        UnknownExercise: there is no exercise with this id.
    """

    # A class, so that a forgotten `await` shows a sentence instead of a coroutine and a warning.
    def __init__(self, exercise_id: str) -> None:
        self._id = exercise_id

    def __await__(self) -> Generator[Any, None, None]:
        return _check(self._id).__await__()

    def __repr__(self) -> str:
        return f'Nothing was checked yet: write `await check("{self._id}")`.'


async def _check(exercise_id: str) -> None:
    exercise = find(exercise_id)
    print(f"Checking {exercise.id} ..." + (f" ({exercise.note})" if exercise.note else ""), flush=True)
    try:
        outcome = await evaluate(exercise.id)
    except (asyncio.CancelledError, KeyboardInterrupt):
        print("Interrupted: the check did not finish.", flush=True)
        raise Interrupted("nothing was judged") from None
    print(outcome.block(), flush=True)
    if outcome.kind in ("passed", "not_yet") and (
        said := progress.record(exercise.id, passed=outcome.passed)
    ):
        print(said, flush=True)
    if outcome.kind in ("passed", "not_yet") and (
        said := note_on(Path(exercise.file), exercise.file, passed=outcome.passed)
    ):
        print(said, flush=True)
    if outcome.failure is not None:
        raise outcome.failure


async def evaluate(
    exercise_id: str, directory: Path | None = None, settings: Settings | None = None
) -> Outcome:
    """Run the check of an exercise: print nothing, record nothing, raise nothing for what it finds.

    Args:
        exercise_id: Which exercise.
        directory: Where the learner's ``my/`` is; the working directory unless given.
        settings: Which gateway to use.

    Raises:
        UnknownExercise: there is no exercise with this id.
    """
    exercise = find(exercise_id)
    began = time.monotonic()
    found = await _judge(exercise, directory or Path.cwd(), settings)
    seconds = time.monotonic() - began
    if isinstance(found, str):
        return Outcome(exercise.id, exercise.proves, None, seconds, seen=shorten(found, 2000))
    found.exercise_id = exercise.id
    return Outcome(exercise.id, exercise.proves, found, seconds)


async def _judge(exercise: Exercise, directory: Path, settings: Settings | None) -> CheckFailed | str:
    try:
        settings = settings or load()
    except SettingsError as error:
        return CourseProblem(str(error), "Correct it in .env or in the environment, then restart the kernel.")
    async with Bench(exercise, directory, settings) as bench:
        try:
            # First, since it takes no time: neither a process nor the gateway is needed for it.
            if still_open := _still_open(bench):
                return still_open
        except LessonError as error:
            return CourseProblem(f"The lesson cannot be read: {error}", REPORT)
        found = await _run(bench)
        if isinstance(found, NotYet):
            return _placeholder_left(exercise, directory) or found
        return found


def _still_open(bench: Bench) -> NotYetAttempted | None:
    file = bench.exercise.file
    match bench.openness():
        case "missing":
            return NotYetAttempted(missing_file(file))
        case "standing in":
            return NotYetAttempted(
                f"{file} is the course's solution, which stands in for yours: run your own cell again"
            )
        case "as shipped":
            _, line = placeholder_line(bench.path()) or (1, "as it came")
            return NotYetAttempted(f"{file}: {line}")
    return None


async def _run(bench: Bench) -> CheckFailed | str:
    """What the check function saw, or how it failed."""
    try:
        await runner().ready()
        bench.begin()
        seen = await bench.finish_in_time(function_of(bench.exercise.id)(bench)) or ""
        if not bench.exercise.not_replayed:
            from .runs import replay_all

            await replay_all(bench)
        return seen
    except Exception as error:
        failure = await verdict_on(error, bench)
        # Anew, so that it carries no traceback and no cause of ours.
        failure.__cause__ = failure.__context__ = failure.__traceback__ = None
        if isinstance(failure, NotYet) and (unawaited := bench.unawaited):
            failure.add_missing_await(unawaited)
        if isinstance(failure, NotYet) and (line := run_at_import(bench.path())) and line not in failure.look:
            failure.look += (
                f"; and `{line}`, which runs whenever the file is imported, and whose calls are counted too"
            )
        return failure


def _placeholder_left(exercise: Exercise, directory: Path) -> NotYetAttempted | None:
    """Of a file whose first version is not known, a placeholder that is left is the only sign that it is open."""
    file = exercise.file
    if catalog.exercise_of(file) is None and (found := placeholder_line(directory / file)):
        return NotYetAttempted(f"{file}: {found[1]}")
    return None


__all__ = ["check", "evaluate"]
