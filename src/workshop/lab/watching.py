"""``await lab.result(handle)``: a workflow's result, or within seconds an account of why there is none.

``await lab.answer(handle, handle.execute_update(...))`` is the same for the answer to a message.
"""

from __future__ import annotations

import asyncio
import re
import sys
import time
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal, TypeVar

from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.enums.v1 import (
    EventType,
    PendingActivityState,
    PendingWorkflowTaskState,
    TaskQueueKind,
    TaskQueueType,
    WorkflowTaskFailedCause,
)
from temporalio.api.failure.v1 import Failure
from temporalio.api.history.v1 import HistoryEvent
from temporalio.api.sdk.v1 import WorkflowMetadata
from temporalio.api.taskqueue.v1 import TaskQueue
from temporalio.api.workflow.v1 import PendingActivityInfo
from temporalio.api.workflowservice.v1 import (
    DescribeTaskQueueRequest,
    DescribeWorkflowExecutionRequest,
    DescribeWorkflowExecutionResponse,
)
from temporalio.client import WorkflowFailureError, WorkflowHandle
from temporalio.exceptions import (
    ActivityError,
    CancelledError,
    ChildWorkflowError,
    FailureError,
    TerminatedError,
)
from temporalio.exceptions import TimeoutError as TemporalTimeout
from temporalio.service import RPCError, RPCStatusCode

from workshop.errors import LabError
from workshop.lab.processes import is_one_starting
from workshop.runs.errors import no_history
from workshop.runs.events import (
    CodeLine,
    duration,
    own_line,
    own_line_of_text,
    seconds_of,
    shorten,
    typed_cause_of,
)

_LOOK_EVERY = 0.25
"""Seconds between looks at what the workflow does; a look costs the server about a millisecond."""

_STARTING = 15.0
"""Seconds that a process which this notebook has just started may take until its worker asks for work."""

_RPC = timedelta(seconds=2)

_UNTAKEN = 2.0
"""Seconds after which a task that nobody has taken means that no worker is there."""

_UNFINISHED = 0.6
"""Seconds that an attempt at a failed workflow task may take. The SDK reports only the first failure of a
task; from then on an attempt that fails looks like one that takes long."""

_NEWCOMER = 3.0
"""Seconds to wait for a restarted worker where a failure is older than the call."""

_POLLER_AGE = 70.0
"""Seconds after which a worker that has not asked for work is gone; one that is there asks once a minute."""

_MOST_EXTRA = 15.0

_LONGEST_CAUSE = 400

Result = TypeVar("Result")

Reason = Literal[
    "workflow code fails",
    "no worker",
    "activity is retrying",
    "activity is running",
    "waiting",
    "workflow task is running",
    "server does not answer",
]


class NoResultYet(LabError):
    """A workflow has no result so far; the message says why, and what would help.

    Attributes:
        reason: Why, in a few fixed words.
        line: The line of your own code that failed; None if none did.
    """

    def __init__(self, reason: Reason, *told: str, line: CodeLine | None = None) -> None:
        super().__init__("\n".join(told))
        self.reason = reason
        self.line = line


class WorkflowFailed(LabError):
    """A workflow ended without a result: it failed, timed out, or was cancelled or terminated.

    Attributes:
        how: How it ended.
        line: The line of your own code that failed; None if none did.
    """

    def __init__(
        self,
        how: Literal["failed", "timed out", "cancelled", "terminated"],
        *told: str,
        line: CodeLine | None = None,
    ) -> None:
        super().__init__("\n".join(told))
        self.how = how
        self.line = line


async def result(handle: WorkflowHandle[Any, Result], *, timeout: float = 10.0) -> Result:
    """Wait for a workflow's result, and say within seconds why there is none if there is none.

    A run that was continued as new is followed to its last run. What waiting alone will not mend is reported
    at once: workflow code that fails at every attempt, and a task queue that no worker polls.

    Args:
        handle: The workflow, as ``client.start_workflow`` or ``client.get_workflow_handle`` return it.
        timeout: Seconds to wait. Where Temporal is about to hand the work of a lost worker to one that is
            there, which it does after ten seconds by default, up to 15 seconds more.

    Returns:
        What the workflow returned.

    Raises:
        NoResultYet: it still runs; the message says what it is at, and what would help.
        WorkflowFailed: it ended without a result; the message names the root cause.
        LabError: there is no such workflow.
    """
    try:
        return await _watched(handle, handle.result(), timeout)
    except RPCError as error:
        raise LabError(no_history(error, handle.id)) from None


async def answer(
    handle: WorkflowHandle[Any, Any], update: Awaitable[Result], *, timeout: float = 30.0
) -> Result:
    """Wait for the answer to an update, and say within seconds why there is none if there is none.

    Args:
        handle: The workflow.
        update: What ``handle.execute_update(...)`` returns.
        timeout: As for :func:`result`.

    Returns:
        What the update's handler returned.

    Raises:
        NoResultYet: it is not answered yet; the message says what the workflow is at, and what would help.
        WorkflowUpdateFailedError: the update was refused.
        RPCError: the workflow has ended.
    """
    try:
        return await _watched(handle, update, timeout)
    except NoResultYet as error:
        if error.reason != "waiting":
            raise
        # Before a worker has accepted it, the server shows nothing of it.
        told = f"There is no answer after {duration(timeout)}.", "An update waits for a worker: does one run?"
        raise NoResultYet("waiting", *told) from None


async def _watched(handle: WorkflowHandle[Any, Any], awaited: Awaitable[Result], timeout: float) -> Result:
    waiter = asyncio.ensure_future(awaited)
    watch = _Watch(handle)
    patience = deadline = time.monotonic() + timeout
    try:
        while True:
            await asyncio.wait({waiter}, timeout=min(_LOOK_EVERY, max(0.0, deadline - time.monotonic())))
            if waiter.done():
                return await _outcome(waiter, watch)
            hopeless = await watch.look()
            now = time.monotonic()
            late = now - deadline
            if hopeless is None and late >= 0:
                if late < _MOST_EXTRA and await watch.about_to_go_on(late):
                    # Once another worker has the work, the run still needs the time that was asked for.
                    patience = min(now + timeout, deadline + _MOST_EXTRA)
                elif now >= patience:
                    hopeless = await watch.account(timeout)
            # Looking took a moment, in which the result may have come.
            if waiter.done():
                return await _outcome(waiter, watch)
            if hopeless is not None:
                raise hopeless
            if late >= 0:
                await asyncio.wait({waiter}, timeout=_LOOK_EVERY)
    finally:
        waiter.cancel()
        # Cancelled, an update ends in an error of its own, which Python would print when nobody asks for it.
        waiter.add_done_callback(lambda ended: ended.cancelled() or ended.exception())


async def _outcome(waiter: asyncio.Future[Result], watch: _Watch) -> Result:
    try:
        return waiter.result()
    except WorkflowFailureError as error:
        await watch.look()  # for the workflow's name, if it ended before the first look
        raise _failed(error, watch.workflow) from error


def _failed(error: WorkflowFailureError, workflow: str) -> WorkflowFailed:
    cause = error.cause
    if isinstance(cause, CancelledError):
        return WorkflowFailed("cancelled", f"{workflow} was cancelled.")
    if isinstance(cause, TerminatedError):
        return WorkflowFailed(
            "terminated", f"{workflow} was terminated: {cause.message or 'no reason given'}."
        )
    if isinstance(cause, TemporalTimeout):
        return WorkflowFailed("timed out", f"{workflow} did not finish within the time it was given.")
    where = ""
    inner: BaseException | None = cause
    while isinstance(inner, ActivityError | ChildWorkflowError):
        kind = "activity" if isinstance(inner, ActivityError) else "child workflow"
        name = inner.activity_type if isinstance(inner, ActivityError) else inner.workflow_type
        where += f"{kind} {name} failed: "
        inner = inner.cause
    failure = cause.failure if isinstance(cause, FailureError) else None
    why = shorten(typed_cause_of(failure), _LONGEST_CAUSE) if failure is not None else str(cause)
    line = own_line(failure) if failure is not None else None
    told = [f"{workflow} failed: {where}{why}"]
    return WorkflowFailed("failed", *told, *([f"  {line}"] if line else []), line=line)


@dataclass(frozen=True)
class _Worker:
    identity: str
    age: float  # seconds since it last asked for work


class _Watch:
    """Looks at one workflow from outside, and concludes."""

    def __init__(self, handle: WorkflowHandle[Any, Any]) -> None:
        self._client = handle._client
        self.id = handle.id
        self._run_id = handle.run_id
        self._called = time.time()
        self._began = time.monotonic()
        self._described: DescribeWorkflowExecutionResponse | None = None
        self._events: list[HistoryEvent] = []
        self._events_of: tuple[str, int] = ("", 0)
        self._untaken: dict[str, float] = {}
        self._suspected = ""
        self._first_attempt: int | None = None
        self._silent_since: float | None = None

    @property
    def workflow(self) -> str:
        """The workflow's type, as far as known."""
        return self._info.type.name if self._described is not None else "The workflow"

    @property
    def _info(self) -> Any:
        assert self._described is not None  # noqa: S101 - set by every look that succeeded
        return self._described.workflow_execution_info

    async def look(self) -> NoResultYet | None:
        """Look once.

        Returns:
            Why waiting will not help, if that is certain.
        """
        try:
            self._described = await self._client.workflow_service.describe_workflow_execution(
                DescribeWorkflowExecutionRequest(
                    namespace=self._client.namespace,
                    execution=WorkflowExecution(workflow_id=self.id, run_id=self._run_id or ""),
                ),
                timeout=_RPC,
            )
            self._silent_since = None
            return await self._task_fails() or await self._nobody_works()
        except RPCError as error:
            return self._unanswered(error)

    def _unanswered(self, error: RPCError) -> NoResultYet | None:
        if error.status == RPCStatusCode.NOT_FOUND:
            return None  # the wait for the result says so
        now = time.monotonic()
        self._silent_since = self._silent_since or now
        if now - self._silent_since < _NEWCOMER:
            return None
        return NoResultYet(
            "server does not answer",
            "The Temporal server does not answer.",
            "Nothing is lost if it keeps its state in a file. `lab.start()` starts it again.",
        )

    # The code of the workflow

    async def _task_fails(self) -> NoResultYet | None:
        task = self._task
        if task is None or task.attempt < 2 or task.state != _STARTED:
            return None
        failed = await self._failed_task()
        if failed is None:
            return None
        if self._first_attempt is None:
            self._first_attempt = task.attempt
        running = time.time() - seconds_of(task.started_time)
        if running < _UNFINISHED:
            return None
        details = failed.workflow_task_failed_event_attributes
        old = seconds_of(failed.event_time) < self._called - 1.0
        newcomer = await self._another_worker(details.identity)
        # Perhaps mended since: give the restarted worker its turn. An attempt can begin before it has asked for
        # work: the server hands it to what is left of the killed worker's last request.
        if old and time.monotonic() - self._began < _NEWCOMER:
            return None
        same = old and self._first_attempt == task.attempt
        if newcomer and (same or running < _NEWCOMER):
            return None
        return self._code_fails(details.failure, stale=newcomer)

    def _code_fails(self, failure: Failure, *, stale: bool) -> NoResultYet:
        cause, line = typed_cause_of(failure), own_line(failure)
        logged = _from_worker_output(self.id)
        if logged is not None:
            cause, line = logged
        head = f"The code of {self.workflow} fails, each time Temporal has it tried again:"
        if stale and logged is None:
            head = f"The code of {self.workflow} still fails. Its first failure was (see the worker's log):"
        told = [head, f"  {shorten(cause, _LONGEST_CAUSE)}"]
        if line is not None:
            told.append(f"  {line}")
        told.append("Nothing is lost: correct the file and restart the worker, and it goes on from here.")
        return NoResultYet("workflow code fails", *told, line=line)

    async def _failed_task(self) -> HistoryEvent | None:
        """The latest failure of the workflow task that is tried now."""
        for event in reversed(await self._history()):
            if event.event_type == EventType.EVENT_TYPE_WORKFLOW_TASK_COMPLETED:
                return None
            if event.event_type == EventType.EVENT_TYPE_WORKFLOW_TASK_FAILED:
                benign = WorkflowTaskFailedCause.WORKFLOW_TASK_FAILED_CAUSE_UNHANDLED_COMMAND
                return None if event.workflow_task_failed_event_attributes.cause == benign else event
        return None

    # Workers

    async def _nobody_works(self) -> NoResultYet | None:
        waiting: dict[str, tuple[str, str]] = {}  # what waits -> its name, and its task queue
        task = self._task
        if task is not None and task.state == _SCHEDULED:
            key = f"task {task.attempt} {seconds_of(task.scheduled_time)}"
            waiting[key] = ("the next step of the workflow", self._info.task_queue)
        pending = self._pending
        for one in pending:
            if one.state == _ACTIVITY_SCHEDULED and not _backs_off(one):
                queue = one.activity_options.task_queue.name or self._info.task_queue
                waiting[f"activity {one.activity_id} {one.attempt}"] = (
                    f"activity {one.activity_type.name}",
                    queue,
                )
        now = time.monotonic()
        self._untaken = {key: self._untaken.get(key, now) for key in waiting}
        for key, since in self._untaken.items():
            if now - since < _UNTAKEN or is_one_starting(within=_STARTING):
                continue
            name, queue = waiting[key]
            of_workflow = key.startswith("task")
            workers = await self._workers(queue, of_workflow)
            if of_workflow:
                holder = await self._sticky_holder()
                if holder and any(worker.identity != holder for worker in workers):
                    continue  # another worker is there, and will be asked soon
            elif workers and now - since < 2 * _UNTAKEN:
                continue  # it may be busy with other activities
            if self._suspected != key:
                # The description and the history were read one after the other: only twice is certain.
                self._suspected = key
                return None
            return self._no_worker(name, queue, bool(workers))
        return None

    def _no_worker(self, name: str, queue: str, was_there: bool) -> NoResultYet:
        head = (
            f"No worker takes work from the task queue {queue!r} any more: the last one has stopped."
            if was_there
            else f"No worker polls the task queue {queue!r}."
        )
        return NoResultYet(
            "no worker",
            head,
            f"  {name} waits there.",
            "Nothing is lost: start a worker for this queue, and it goes on.",
        )

    async def _workers(self, queue: str, of_workflow: bool) -> list[_Worker]:
        """The workers that have asked this queue for work lately; a dead one is listed for some time."""
        kind = (
            TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW if of_workflow else TaskQueueType.TASK_QUEUE_TYPE_ACTIVITY
        )
        described = await self._client.workflow_service.describe_task_queue(
            DescribeTaskQueueRequest(
                namespace=self._client.namespace, task_queue=TaskQueue(name=queue), task_queue_type=kind
            ),
            timeout=_RPC,
        )
        now = time.time()
        found = [_Worker(one.identity, now - seconds_of(one.last_access_time)) for one in described.pollers]
        return [worker for worker in found if worker.age < _POLLER_AGE]

    async def _another_worker(self, than: str) -> bool:
        """Whether a worker other than this one has asked for work since this one did last."""
        workers = await self._workers(self._info.task_queue, True)
        own = min((worker.age for worker in workers if worker.identity == than), default=_POLLER_AGE)
        return any(worker.identity != than and worker.age < own for worker in workers)

    async def _sticky_holder(self) -> str:
        """The worker for which the waiting workflow task is kept; empty if any may take it."""
        holder = ""
        kept = False
        for event in await self._history():
            if event.event_type == EventType.EVENT_TYPE_WORKFLOW_TASK_STARTED:
                holder = event.workflow_task_started_event_attributes.identity or holder
            elif event.event_type == EventType.EVENT_TYPE_WORKFLOW_TASK_SCHEDULED:
                queue = event.workflow_task_scheduled_event_attributes.task_queue
                kept = queue.kind == TaskQueueKind.TASK_QUEUE_KIND_STICKY
        return holder if kept else ""

    async def about_to_go_on(self, late: float) -> bool:
        """Whether something will happen by itself within the next seconds.

        Args:
            late: Seconds since the time was up.
        """
        task = self._task
        if task is None:
            return False
        now = time.time()
        begun = task.started_time if task.state == _STARTED else task.scheduled_time
        if now - seconds_of(begun) < _UNTAKEN and late < _UNTAKEN:
            return True  # most steps take milliseconds
        try:
            # Temporal hands the work of a lost worker to another one, if there is one.
            another = await self._another_worker(await self._last_holder())
            return another and (task.state == _STARTED or bool(await self._sticky_holder()))
        except RPCError:
            return False

    async def _last_holder(self) -> str:
        for event in reversed(await self._history()):
            if event.event_type == EventType.EVENT_TYPE_WORKFLOW_TASK_STARTED:
                identity = event.workflow_task_started_event_attributes.identity
                if identity:
                    return identity
        return ""

    # When the time is up

    async def account(self, timeout: float) -> NoResultYet:
        """Say what the workflow is at, after the time is up."""
        if self._described is None:
            return NoResultYet("server does not answer", "The Temporal server does not answer.")
        try:
            return (
                await self._account_of_task(timeout)
                or self._account_of_activities(timeout)
                or await self._account_of_waits(timeout)
            )
        except RPCError:
            return NoResultYet("server does not answer", "The Temporal server does not answer.")

    async def _account_of_task(self, timeout: float) -> NoResultYet | None:
        task = self._task
        if task is None:
            return None
        failed = await self._failed_task()
        if failed is not None:
            return self._code_fails(failed.workflow_task_failed_event_attributes.failure, stale=False)
        if task.state == _SCHEDULED and self._untaken:
            there = bool(await self._workers(self._info.task_queue, True))
            return self._no_worker("the next step of the workflow", self._info.task_queue, there)
        if task.state != _STARTED:
            return None
        limit = seconds_of(self._described_config.default_workflow_task_timeout)
        return NoResultYet(
            "workflow task is running",
            f"{self.workflow} has no result after {duration(timeout)}: a worker has begun its next step.",
            f"Should that worker be gone, another one gets the step {duration(limit)} after it began.",
        )

    def _account_of_activities(self, timeout: float) -> NoResultYet | None:
        pending = self._pending
        if not pending:
            return None
        told = [f"{self.workflow} has no result after {duration(timeout)}:"]
        for one in pending[:3]:
            told += [f"  {text}" for text in self._activity(one)]
        if len(pending) > 3:
            told.append(f"  and {len(pending) - 3} more activities")
        retrying = any(one.attempt > 1 for one in pending)
        return NoResultYet("activity is retrying" if retrying else "activity is running", *told)

    def _activity(self, one: PendingActivityInfo) -> list[str]:
        name = f"activity {one.activity_type.name}: "
        failed = one.attempt - 1
        most = f" of at most {one.maximum_attempts}" if one.maximum_attempts else ""
        told = []
        if failed and one.HasField("last_failure"):
            cause = shorten(typed_cause_of(one.last_failure), _LONGEST_CAUSE)
            told.append(f"{name}attempt {failed}{most} failed: {cause}")
            line = own_line(one.last_failure)
            if line is not None:
                told.append(f"  {line}")
            name = "  "
        now = time.time()
        if one.state == PendingActivityState.PENDING_ACTIVITY_STATE_STARTED:
            since = max(0.0, now - seconds_of(one.last_started_time))
            told.append(f"{name}attempt {one.attempt} has been running for {duration(round(since, 1))}.")
            told += self._limits(one)
        elif _backs_off(one):
            wait = max(0.0, seconds_of(one.next_attempt_schedule_time) - now)
            told.append(f"{name}attempt {one.attempt} comes in {duration(round(wait, 1))}.")
        elif now - seconds_of(one.scheduled_time) < _UNTAKEN:
            told.append(f"{name}attempt {one.attempt} comes next.")
        else:
            told.append(f"{name}attempt {one.attempt} waits for a worker.")
        return told

    def _limits(self, one: PendingActivityInfo) -> list[str]:
        options = one.activity_options
        if options.HasField("heartbeat_timeout") and seconds_of(options.heartbeat_timeout):
            limit, which = seconds_of(options.heartbeat_timeout), "heartbeat_timeout"
        else:
            limit, which = seconds_of(options.start_to_close_timeout), "start_to_close_timeout"
        if not limit:
            return []
        return [f"  Should its worker be gone, Temporal notices after {duration(limit)} ({which})."]

    async def _account_of_waits(self, timeout: float) -> NoResultYet:
        told = [f"{self.workflow} has no result after {duration(timeout)}: it waits."]
        now = time.time()
        timers = await self._open_timers()
        for event in timers[:3]:
            length = seconds_of(event.timer_started_event_attributes.start_to_fire_timeout)
            left = max(0.0, seconds_of(event.event_time) + length - now)
            told.append(f"  a timer of {duration(length)}, which fires in {duration(round(left, 1))}")
        assert self._described is not None  # noqa: S101 - account() has seen to it
        for child in self._described.pending_children:
            told.append(f"  the child workflow {child.workflow_type_name}")
        handlers = await self._handlers()
        if handlers:
            told.append(f"  {'or for a message' if timers else 'a message'}: {handlers}")
        elif not timers and not self._described.pending_children:
            told.append("  a signal or an update")
        return NoResultYet("waiting", *told)

    async def _open_timers(self) -> list[HistoryEvent]:
        found: dict[int, HistoryEvent] = {}
        for event in await self._history():
            if event.event_type == EventType.EVENT_TYPE_TIMER_STARTED:
                found[event.event_id] = event
            elif event.event_type == EventType.EVENT_TYPE_TIMER_FIRED:
                found.pop(event.timer_fired_event_attributes.started_event_id, None)
            elif event.event_type == EventType.EVENT_TYPE_TIMER_CANCELED:
                found.pop(event.timer_canceled_event_attributes.started_event_id, None)
        return list(found.values())

    async def _handlers(self) -> str:
        """The signals and updates that the workflow takes, as its worker tells; empty if there is none."""
        handle = self._client.get_workflow_handle(self.id, run_id=self._run_id)
        try:
            # A query of the SDK's own; no event comes of it.
            asked = handle.query("__temporal_workflow_metadata", result_type=WorkflowMetadata)
            definition = (await asyncio.wait_for(asked, 1.5)).definition
        except (RPCError, TimeoutError):
            return ""
        named = [f"signal {one.name}" for one in definition.signal_definitions if one.name]
        named += [f"update {one.name}" for one in definition.update_definitions if one.name]
        return ", ".join(named)

    # What was seen

    @property
    def _task(self) -> Any:
        """What is known of the pending workflow task; None if there is none."""
        if self._described is None or not self._described.HasField("pending_workflow_task"):
            return None
        return self._described.pending_workflow_task

    @property
    def _pending(self) -> Sequence[PendingActivityInfo]:
        return self._described.pending_activities if self._described is not None else ()

    @property
    def _described_config(self) -> Any:
        assert self._described is not None  # noqa: S101 - only used after a look that succeeded
        return self._described.execution_config

    async def _history(self) -> list[HistoryEvent]:
        # Read again only when it has grown.
        run_id = self._info.execution.run_id
        if self._events_of != (run_id, self._info.history_length):
            handle = self._client.get_workflow_handle(self.id, run_id=run_id)
            self._events = [event async for event in handle.fetch_history_events(rpc_timeout=_RPC)]
            self._events_of = (run_id, self._info.history_length)
        return self._events


_STARTED = PendingWorkflowTaskState.PENDING_WORKFLOW_TASK_STATE_STARTED
_SCHEDULED = PendingWorkflowTaskState.PENDING_WORKFLOW_TASK_STATE_SCHEDULED
_ACTIVITY_SCHEDULED = PendingActivityState.PENDING_ACTIVITY_STATE_SCHEDULED


def _backs_off(one: PendingActivityInfo) -> bool:
    return one.HasField("next_attempt_schedule_time") and seconds_of(one.next_attempt_schedule_time) > 0


def _from_worker_output(workflow_id: str) -> tuple[str, CodeLine | None] | None:
    """The latest failure of this workflow's code in the log of a worker that this notebook started.

    The history keeps only the first failure of a task; after a repair that was not one, the log knows more.
    """
    processes = sys.modules.get("workshop.lab.processes")
    started = getattr(processes, "_processes", {})
    head = re.compile(rf"Failed activation on workflow .* with ID {re.escape(workflow_id)} and run ID .*\n")
    for process in reversed(list(started.values())):
        if not process.running:
            continue
        output = process.output()
        found = list(head.finditer(output))
        if not found:
            continue
        lines = output[found[-1].end() :].splitlines()
        for n, text in enumerate(lines):
            # The traceback ends with its first line that is neither indented nor a heading.
            if n and text and not text[0].isspace() and not text.endswith(":"):
                return text.strip(), own_line_of_text("\n".join(lines[:n]))
    return None


__all__ = ["NoResultYet", "WorkflowFailed", "answer", "result"]
