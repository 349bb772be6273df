"""Whose fault it is: the one place that decides between NOT YET and COURSE PROBLEM.

Whatever a check ends in besides a pass comes here. The rules, in this order:

1. A service of ours that does not answer, asked once more now, is a COURSE PROBLEM: code fails in many ways when a
   service is gone, and none of them is the learner's. So is a wait that ended since the server was silent.
2. What a check has judged stands: :class:`NotYet`, :class:`NotYetAttempted`, :class:`CourseProblem`.
3. What the learner's code raised is NOT YET: an error that passed a line of the learner's, that Temporal reports from
   a run, or that a library raised in the child while it worked for the learner's code.
4. What did not come in time, from a process, a run or a probe, is NOT YET, since the services answer. What stands in
   the way of the check's runs is looked up and told instead of the lateness.
5. What is left was raised in a check's own line, such as a ``KeyError``. Either the check is wrong, or what the
   learner's code gave is so odd that the check cannot read it. An experiment decides: the same check with the course's
   own files. If these pass, the odd thing is the learner's, NOT YET; if not, it is ours. So a check need not guard
   each access to what a learner's run gave.
"""

from __future__ import annotations

import tempfile
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workshop import catalog
from workshop.errors import is_silence

from .bench import Bench
from .obstacles import in_the_way
from .outcomes import CheckFailed, CourseProblem, NotYet, Unclear, shorten

if TYPE_CHECKING:
    from workshop.settings import Settings

    from .exercise import Exercise

REPORT = "Restart the kernel and try again. If the problem remains, report it to the authors of the course."
START = "Run the lesson's first cell, lab.start(), again, or run `python -m workshop up` in a terminal."
BUSY = "Wait until the machine is less busy, then run the cell again."

_ANSWERS_WITHIN = 20.0
"""Seconds in which the Temporal server must answer when it is asked whether it is there."""

_controls: dict[str, bool] = {}
"""Whether the course's own files pass, by the exercise's id: once known, known for this process."""


async def verdict_on(error: Exception, bench: Bench) -> CheckFailed:
    """What a check that ended in an error has come to.

    Args:
        error: What the check function raised.
        bench: The check's, with its runs still there.
    """
    if isinstance(error, CheckFailed) and not isinstance(error, NotYet | Unclear):
        return error
    if trouble := await service_trouble(bench):
        return trouble
    if is_silence(error):
        return CourseProblem("The Temporal server did not answer in time, and does now.", BUSY)
    if isinstance(error, NotYet):
        if error.late and (way := await in_the_way(bench)):
            return NotYet(error.expected, way[0], way[1] or error.look)
        return error
    return await _of_run(error, bench) or await _by_experiment(error, bench)


async def service_trouble(bench: Bench) -> CourseProblem | None:
    """Which of the services that a check needs does not answer now; None if all do."""
    return _gateway_trouble(bench) or await _temporal_trouble(bench)


def _gateway_trouble(bench: Bench) -> CourseProblem | None:
    from workshop.lab.gateway_client import GatewayError

    url = bench.settings.gateway_url
    try:
        health = bench.gateway.health()
        if health.service != "durable-agents-workshop":
            return CourseProblem(
                f"Another program ({health.service}) answers at {url}, the gateway's address.",
                "End it, or set WORKSHOP_GATEWAY_PORT in .env to a free port; then start the lab again.",
            )
        bench.gateway.meter()
    except GatewayError as error:
        return CourseProblem(str(error), START)
    except OSError as error:
        return CourseProblem(f"The gateway at {url} cannot be reached: {error}", START)
    return None


async def _temporal_trouble(bench: Bench) -> CourseProblem | None:
    import asyncio
    from datetime import timedelta

    from workshop.lab import ports

    if not bench.exercise.temporal:
        return None
    address = bench.settings.temporal_address
    host, _, port = address.rpartition(":")
    gone = CourseProblem(f"The Temporal server at {address} does not answer.", START)
    if not ports.accepts(int(port), host.strip("[]")):
        return gone
    from temporalio.service import RPCError

    from .workflows import connect

    try:
        async with asyncio.timeout(_ANSWERS_WITHIN):
            client = await connect(bench)
            await client.service_client.check_health(timeout=timedelta(seconds=_ANSWERS_WITHIN))
    except (RPCError, RuntimeError, TimeoutError):
        return gone
    return None


async def _of_run(error: Exception, bench: Bench) -> CheckFailed | None:
    """The verdict on what a run, or a process, of the learner's has ended in, or has not come to."""
    from temporalio.client import WorkflowFailureError, WorkflowQueryFailedError, WorkflowUpdateFailedError

    from workshop.errors import LabTimeout
    from workshop.lab.no_result import NoResultYet
    from workshop.lab.processes import ProcessError
    from workshop.lab.results import WorkflowFailed

    from .endings import process_ended, without_result
    from .idleness import is_busy, is_starved

    file = bench.exercise.file
    late = isinstance(error, NoResultYet | ProcessError | LabTimeout | TimeoutError)
    if late and (dead := bench.dead()):
        # Nothing that waits for its work is to blame.
        return process_ended(dead, "a worker that waits for work", file)
    if isinstance(error, NoResultYet) and error.reason == "no worker":
        for process in bench.living():
            if await is_busy(process):
                return _starved()
    if late and not await in_the_way(bench):
        for process in bench.living():
            if await is_starved(process):
                return _starved()
    if isinstance(error, WorkflowFailed | NoResultYet):
        return without_result(error, "the run to complete", file)
    if isinstance(error, WorkflowFailureError | WorkflowUpdateFailedError | WorkflowQueryFailedError):
        return _reported(error, file)
    if isinstance(error, ProcessError | LabTimeout | TimeoutError):
        if way := await in_the_way(bench):
            return NotYet(f"{file} to do its work in time", way[0], way[1] or file)
        # A process is named after the scope, for the sake of its log: the learner knows its file only.
        said = str(error).replace(f"{bench.scope}-", "") or "it did not"
        return NotYet(f"{file} to do its work in time", said, file)
    return None


def _starved() -> CourseProblem:
    return CourseProblem("The machine is so busy that a worker gets hardly any time to run.", BUSY)


def _reported(error: Any, file: str) -> NotYet:
    from temporalio.exceptions import FailureError

    from workshop.runs.events import own_line, typed_cause_of

    from .tracebacks import hint_at_cause, own_place

    cause = getattr(error, "cause", None)
    failure = cause.failure if isinstance(cause, FailureError) else None
    place = own_place(own_line(failure)) if failure is not None else ""
    said = typed_cause_of(failure) if failure is not None else str(cause or error)
    return NotYet(f"{file} to run without an error", hint_at_cause(said, place), place or file)


async def _by_experiment(error: Exception, bench: Bench) -> CheckFailed:
    exercise = bench.exercise
    if isinstance(error, Unclear):
        told, where = error.what, error.where
    else:
        frames = traceback.extract_tb(error.__traceback__)
        own = [one for one in frames if Path(__file__).parts[-3] in one.filename] or list(frames)
        told = f"{type(error).__name__}: {shorten(str(error), 300)}" if str(error) else type(error).__name__
        where = own[-1].line or "" if own else ""
    if not await course_passes(exercise, bench.settings):
        return CourseProblem(f"The check itself failed: {told} (at `{where}`)", REPORT)
    return NotYet(
        f"{exercise.file} to give something that the check can read, as the course's own solution does",
        f"{told}, where the check reads the result of your code: `{where}`",
        exercise.file,
    )


async def course_passes(exercise: Exercise, settings: Settings) -> bool:
    """Whether a check passes with the course's own files, here and now.

    Args:
        exercise: Whose check.
        settings: Which gateway to use.
    """
    from .registry import function_of

    if exercise.id not in _controls:
        files = {name: text for one in catalog.lessons() for name, text in one.files.items()}
        if exercise.file not in files:
            return False
        with tempfile.TemporaryDirectory(prefix="workshop-check-", ignore_cleanup_errors=True) as folder:
            for name, text in files.items():
                path = Path(folder) / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding="utf-8")
            async with Bench(exercise, Path(folder), settings) as bench:
                try:
                    bench.begin()
                    await bench.finish_in_time(function_of(exercise.id)(bench))
                except Exception:
                    return False
        _controls[exercise.id] = True
    return True
