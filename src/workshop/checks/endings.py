"""How a run ends, or why it does not: a check awaits it here, and stops as soon as waiting cannot help."""

from __future__ import annotations

import asyncio
import contextlib
import linecache
import logging
import time
import traceback
from collections.abc import Awaitable, Iterator
from typing import TYPE_CHECKING, Any, TypeVar

from workshop.errors import LabError, is_silence

from .idleness import Idle, is_busy
from .outcomes import NotYet, shorten
from .tracebacks import error_in, hint_at_cause, own_place

if TYPE_CHECKING:
    from temporalio.client import WorkflowExecutionDescription, WorkflowHandle

    from workshop.lab.processes import Process

_LOOK_EVERY = 0.4
"""Seconds between looks at what stands in a run's way."""

_NEVER_HEALS = frozenset(
    {
        "AttributeError",
        "BankRefused",
        "ImportError",
        "ModuleNotFoundError",
        "NameError",
        "NotFoundError",  # the worker's own: it does not have the activity
        "TypeError",
        "UnboundLocalError",
    }
)
"""Errors of an activity that a second attempt has shown to stay, however often it is tried again."""

_REFUSALS = frozenset({"BankRefused"})
"""Those of them that are answers: a service has said no."""

_STUCK = 4.0
"""Seconds after a deadlock within which code that was only slow, on a busy machine, has taken another step."""

Told = TypeVar("Told")

_failures: dict[str, BaseException] = {}
"""In the child: how a workflow's code failed in the worker of this process; by the workflow's id.

The history keeps only the first failure of a task; what a repaired workflow fails with is known only here.
"""

_deadlocks: dict[str, BaseException] = {}
"""In the child: where a workflow's code went on and on; by the run's id. The server hears of it late, or never:
such code leaves this process little time to report it.
"""


@contextlib.contextmanager
def noting_failures() -> Iterator[None]:
    """In the child: note how the code of workflows fails in this process's worker, as long as the block lasts."""
    _failures.clear()
    _deadlocks.clear()
    log = logging.getLogger("temporalio.worker")
    handler = _Failures()
    log.addHandler(handler)
    try:
        yield
    finally:
        log.removeHandler(handler)


class _Failures(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        workflow = getattr(record, "temporal_workflow", None)
        error = record.exc_info[1] if record.exc_info else None
        if getattr(record, "__temporal_error_identifier", "") == "WorkflowTaskFailure" and workflow and error:
            _failures[workflow["workflow_id"]] = error
        elif error and type(error).__name__ == "_DeadlockError" and isinstance(record.args, tuple):
            _deadlocks.setdefault(str(record.args[0]), error)


async def result_of(
    handle: WorkflowHandle[Any, Any],
    look: str,
    *,
    what: str = "the run",
    process: Process | None = None,
    timeout: float = 25,
) -> Any:
    """A workflow's result.

    Args:
        handle: The run.
        look: Where to look if there is none.
        what: What is to complete, for the message.
        process: The learner's worker, whose end is reported if it has ended.
        timeout: Seconds to wait; why it takes longer is mostly known before.

    Raises:
        NotYet: there is none; it says what stands in its way, with the learner's own line if that fails.
    """
    from workshop.lab.results import WorkflowFailed

    expected = f"{what} to complete"
    try:
        return await _result_or_why(handle, expected, look, process, timeout)
    except WorkflowFailed as error:
        raise without_result(error, expected, look) from None


async def ending_of(
    handle: WorkflowHandle[Any, Any],
    look: str,
    *,
    what: str = "the run",
    process: Process | None = None,
    timeout: float = 25,
) -> str:
    """How a run ends: ``completed``, ``failed``, ``cancelled``, ``timed out`` or ``terminated``.

    Arguments and errors are those of :func:`result_of`.
    """
    from workshop.lab.results import WorkflowFailed

    try:
        await _result_or_why(handle, f"{what} to end", look, process, timeout)
    except WorkflowFailed as error:
        return error.how
    return "completed"


async def beside(
    handle: WorkflowHandle[Any, Any],
    doing: Awaitable[Told],
    look: str,
    *,
    expected: str,
    process: Process | None = None,
    timeout: float = 10,
) -> Told:
    """Await something that needs a run's code, such as the answer to an update; not longer than that code can run.

    Args:
        handle: The run.
        doing: What is awaited.
        look: Where to look if it does not come.
        expected: What is expected, for the message.
        process: As :func:`result_of` takes it.
        timeout: Seconds to wait.

    Raises:
        NotYet: it does not come; why, as :func:`result_of` tells it.
    """
    from temporalio.service import RPCError

    from workshop.lab.results import WorkflowFailed

    wanted = asyncio.ensure_future(doing)
    run = asyncio.ensure_future(_result_or_why(handle, expected, look, process, timeout))
    try:
        await asyncio.wait({wanted, run}, return_when=asyncio.FIRST_COMPLETED)
        if not wanted.done() or isinstance(wanted.exception(), RPCError):
            # Why the server has no answer, the run knows; or it has ended, and what is awaited came just before.
            await asyncio.wait({wanted, run}, timeout=_LOOK_EVERY * 5)
        missed = wanted.exception() if wanted.done() else None
        # What was looked for in a run that has failed meanwhile cannot come: how it failed says more.
        failed = isinstance(missed, NotYet) and run.done() and isinstance(run.exception(), WorkflowFailed)
        if wanted.done() and not isinstance(missed, RPCError) and not failed:
            return wanted.result()
        try:
            if run.done():
                run.result()
        except WorkflowFailed as error:
            raise without_result(error, expected, look) from None
        raise NotYet(expected, _completed_with(run.result()) if run.done() else "nothing", look)
    finally:
        _let_go(wanted, run)


def _completed_with(result: Any) -> str:
    told = "the run completed before that"
    return told if result is None else f"{told}, with {shorten(repr(result), 120)}"


def judge_lateness(described: WorkflowExecutionDescription, look: str, *, limit: str, besides: str) -> None:
    """See that no tool is too slow, as long as no worker has been killed: waiting for another attempt brings nothing.

    Args:
        described: A run that goes on.
        look: Where to look if one is.
        limit: Where its time for one attempt is set.
        besides: The activity that is no tool: the model call, which may be late on a busy machine.

    Raises:
        NotYet: the first attempt of a tool has timed out.
    """
    for one in described.raw_description.pending_activities:
        name = one.activity_type.name
        if name != besides and one.last_failure.HasField("timeout_failure_info"):
            got = f"its first attempt took longer than the limit for one attempt: {limit}"
            raise NotYet(f"{name} to answer in time", got, look)


async def _result_or_why(
    handle: WorkflowHandle[Any, Any], expected: str, look: str, process: Process | None, timeout: float
) -> Any:
    from temporalio.service import RPCError

    from workshop.lab.results import WorkflowFailed, result

    began = time.monotonic()
    while True:
        waiting = asyncio.ensure_future(result(handle, timeout=timeout))
        try:
            await _watch(waiting, handle, expected, look, process)
            return waiting.result()
        except WorkflowFailed:
            raise
        except LabError as error:
            left = timeout - (time.monotonic() - began)
            why = getattr(error, "reason", "")
            if process is not None:
                busy = why == "no worker" and left > 0 and await is_busy(process)
            else:  # Code that blocks this process's own worker is told below; what is left is a slow machine.
                busy = why == "workflow task is running" and left > -2 * timeout
            # Only now: while it was being watched, it may have come to its end.
            if process is not None and not process.running:
                raise _worker_ended(process, look) from None
            if process is not None and why == "no worker" and not busy:
                # Which argument of the worker's is to blame says more than that it does not come.
                with contextlib.suppress(RPCError):
                    await _look_for_pollers(handle, expected, look)
            # Code that leaves this process no time, if only in another run, makes the server seem silent.
            if stuck := _deadlock_of(handle) or next(iter(_deadlocks.values()), None):
                raise _code_failed(stuck, expected, look) from None
            if not busy:
                raise without_result(error, expected, look) from None
        finally:
            _let_go(waiting)


def _let_go(*tasks: asyncio.Future[Any]) -> None:
    for task in tasks:
        # An error that nobody asks for would be printed when the task is thrown away.
        if not task.cancel() and not task.cancelled():
            task.exception()


async def _watch(
    waiting: asyncio.Future[Any],
    handle: WorkflowHandle[Any, Any],
    expected: str,
    look: str,
    process: Process | None,
) -> None:
    """Wait for a result, and stop where nothing that waiting brings can help: sooner than the learner would.

    Raises:
        NotYet: the run's code failed in this process's worker, an attempt's error will stay, or the learner's worker
            has ended or asks for other work.
    """
    from temporalio.service import RPCError

    idle = Idle(process)
    deadlock = _Deadlock(handle)
    while not waiting.done():
        await asyncio.wait({waiting}, timeout=_LOOK_EVERY)
        if waiting.done():
            return
        if error := _failures.get(handle.id):
            raise _code_failed(error, expected, look)
        if process is not None and not process.running:
            # It may have completed the run just before.
            await asyncio.wait({waiting}, timeout=1)
            if not waiting.done():
                raise _worker_ended(process, look)
            return
        with contextlib.suppress(RPCError):
            if error := await deadlock.for_long():
                raise _code_failed(error, expected, look)
            await _look_at_attempts(handle, expected, look)
            if idle.for_long():
                await _look_for_pollers(handle, expected, look)


def _deadlock_of(handle: WorkflowHandle[Any, Any]) -> BaseException | None:
    run = handle.result_run_id or handle.run_id
    return _deadlocks.get(run) if run else None


class _Deadlock:
    """The deadlock of a run's code, if it has not taken a step since."""

    def __init__(self, handle: WorkflowHandle[Any, Any]) -> None:
        self._handle = handle
        self._since = 0.0
        self._steps = 0

    async def for_long(self) -> BaseException | None:
        error = _deadlock_of(self._handle)
        if error is None or (self._since and time.monotonic() - self._since < _STUCK):
            return None
        steps = await self._steps_so_far()
        if self._since and steps == self._steps:
            return error
        self._since, self._steps = time.monotonic(), steps
        return None

    async def _steps_so_far(self) -> int:
        from temporalio.api.enums.v1 import EventType

        completed = EventType.EVENT_TYPE_WORKFLOW_TASK_COMPLETED
        history = await self._handle.fetch_history()
        return sum(event.event_type == completed for event in history.events)


async def _look_at_attempts(handle: WorkflowHandle[Any, Any], expected: str, look: str) -> None:
    from workshop.runs.events import own_line, type_of, typed_cause_of

    for one in (await handle.describe()).raw_description.pending_activities:
        # Where the attempts are limited, the workflow will hear of it, and may have an answer.
        endless = one.attempt > 2 and not one.maximum_attempts
        if endless and type_of(one.last_failure) in _NEVER_HEALS:
            got = f"{one.activity_type.name}: attempt {one.attempt - 1} failed: {typed_cause_of(one.last_failure)}"
            place = own_place(own_line(one.last_failure)) or look
            if type_of(one.last_failure) in _REFUSALS:
                # The activity is right: what is refused must not be tried again.
                place = f"`retry_policy=` of {one.activity_type.name}"
            raise NotYet(expected, got, place)


async def _look_for_pollers(handle: WorkflowHandle[Any, Any], expected: str, look: str) -> None:
    """The learner's worker has nothing to do: does it ask for the work that there is?"""
    from temporalio.api.enums.v1 import TaskQueueType
    from temporalio.api.taskqueue.v1 import TaskQueue
    from temporalio.api.workflowservice.v1 import DescribeTaskQueueRequest

    client = handle._client
    described = await handle.describe()
    queue = described.task_queue
    asked_for = []
    for kind in (TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW, TaskQueueType.TASK_QUEUE_TYPE_ACTIVITY):
        request = DescribeTaskQueueRequest(
            namespace=client.namespace, task_queue=TaskQueue(name=queue), task_queue_type=kind
        )
        asked_for.append(bool((await client.workflow_service.describe_task_queue(request)).pollers))
    workflows, activities = asked_for
    if not workflows and activities:
        raise NotYet(
            expected,
            f"the worker takes no workflows from the task queue {queue!r}",
            "`workflows=`, and the `task_queue=` of the worker that has it",
        )
    if workflows and not activities and described.raw_description.pending_activities:
        raise NotYet(
            expected,
            f"the worker takes no activities from the task queue {queue!r}",
            "`activities=`, and the `task_queue=` of the worker that has it",
        )
    if not workflows:
        raise NotYet(
            expected,
            f"the process runs, but takes no work from the task queue {queue!r}",
            "`task_queue=`, and `await worker.run()`",
        )


def without_result(error: LabError, expected: str, look: str) -> NotYet:
    """The verdict on a run that has no result, or is not to get one.

    Args:
        error: Why, as the lab tells it.
        expected: What is expected, for the message.
        look: Where to look if the error names no line of the learner's.

    Raises:
        LabError: that error itself, where it is the server that was silent: nobody's run is to blame for that.
    """
    if is_silence(error):
        raise error
    line = getattr(error, "line", None)
    said = [
        text
        for text in str(error).splitlines()
        # A check's own run is lost, and its line is told apart.
        if not text.startswith(("Nothing is lost", "Then `await lab.retry_task"))
        and text.strip() != str(line)
    ]
    place = own_place(line)
    return NotYet(expected, hint_at_cause("\n".join(said), place), place or look)


def _code_failed(error: BaseException, expected: str, look: str) -> NotYet:
    from workshop.runs.events import own_line_of_text

    text = "".join(traceback.format_exception(error))
    # What the sandbox forbids is done by a right function in the wrong place: the workflow's line called it.
    forbidden = "RestrictedWorkflowAccessError" in text
    place, called = _direct_call(error)
    place = place or own_place(own_line_of_text(text, outermost=forbidden))
    raised = error
    while error.__cause__ is not None:
        error = error.__cause__
    told = f"{type(error).__name__}: {error}"
    if raised is not error and _own_frame(raised):
        # The learner's `raise ... from ...`: what matters to Temporal is what was raised in the end.
        told = f"{type(raised).__name__}: {raised} (from {told})"
    if called:
        got = f"`{called}` is called directly inside the workflow; with `workflow.execute_activity({called}, ...)`"
        return NotYet(expected, f"{got} a worker runs it\n{hint_at_cause(told).splitlines()[-1]}", place)
    said = f"the workflow's code fails: {told}"
    if not place and "serializ" in told:
        said = f"what the workflow returns cannot be written into the history: {told}"
    return NotYet(expected, hint_at_cause(said, place), place or look)


def _own_frame(error: BaseException) -> str:
    """The learner's line that raised an error itself; empty if another's did."""
    *_, last = [
        ("", 0),
        *((frame.f_code.co_filename, line) for frame, line in traceback.walk_tb(error.__traceback__)),
    ]
    return _own_line(*last)


def _own_line(file: str, line: int) -> str:
    from workshop.runs.events import own_line_of_text

    return own_place(
        own_line_of_text(f'  File "{file}", line {line}, in f\n    {linecache.getline(file, line)}')
    )


def _direct_call(error: BaseException) -> tuple[str, str]:
    """The learner's line that calls an activity directly, and that activity; empty unless the error came out of it."""
    caller = ""
    for frame, line in traceback.walk_tb(error.__traceback__):
        name, file = frame.f_code.co_name, frame.f_code.co_filename
        if caller and hasattr(frame.f_globals.get(name), "__temporal_activity_definition"):
            return caller, name
        caller = _own_line(file, line)
    return "", ""


def _worker_ended(process: Process, look: str) -> NotYet:
    # One that came to its end in good order had nothing to wait for.
    return process_ended(
        process, "a worker that waits for work", look if process.returncode else "`await worker.run()`"
    )


def process_ended(process: Process, expected: str, look: str) -> NotYet:
    """The verdict on a process of the learner's that has ended, and should not have, or not like that.

    Args:
        process: Which one.
        expected: What it should have done.
        look: Where to look if its output names no line of the learner's.
    """
    error, line = error_in(process.output())
    if not error:
        last = "\n".join(process.last_lines(5)).strip()
        how = "without an error" if process.returncode == 0 else f"with exit code {process.returncode}"
        error = f"{how}; it printed: {last}" if last else f"{how}, and printed nothing"
        return NotYet(expected, f"its process ended {error}", look)
    return NotYet(expected, f"its process ended: {error}", line or look)


def code_failure(handle: WorkflowHandle[Any, Any], expected: str, look: str) -> NotYet | None:
    """In the child: how the run's code has failed in this process's worker, if it has.

    For runs on a server for tests, where waiting for a result would skip time.
    """
    error = _failures.get(handle.id)
    return _code_failed(error, expected, look) if error is not None else None
