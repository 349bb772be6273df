"""Looking at a workflow while its result is waited for: is there still hope?"""

from __future__ import annotations

import time
from typing import Any

from temporalio.api.enums.v1 import PendingActivityState, PendingWorkflowTaskState
from temporalio.client import WorkflowHandle
from temporalio.service import RPCError, RPCStatusCode

from workshop.lab.accounts import account
from workshop.lab.failing_tasks import FailingTask
from workshop.lab.no_result import NoResultYet, no_worker
from workshop.lab.observed import Observed, backs_off
from workshop.lab.registry import is_one_starting
from workshop.lab.too_large import activity_too_large, told_of_activity
from workshop.runs.causes import Options, no_options
from workshop.runs.events import seconds_of
from workshop.runs.pending import UNTAKEN_SECONDS

_STARTING = 15.0
"""Seconds that a process which this notebook has just started may take until its worker asks for work."""

_UNFINISHED = 0.6
"""Seconds that an attempt at a failed workflow task may take. The SDK reports only the first failure of a
task; from then on an attempt that fails looks like one that takes long."""

_TAKES = 5.0
"""Seconds within which a worker that has come since ends an attempt, or shows in its log that it failed."""

_SILENT = 3.0
"""Seconds after which a server that takes no connection is called absent."""

_SLOW = 20.0
"""Seconds after which one is that takes connections and does not answer: on a busy machine, it may be slow."""

_STARTED = PendingWorkflowTaskState.PENDING_WORKFLOW_TASK_STATE_STARTED
_SCHEDULED = PendingWorkflowTaskState.PENDING_WORKFLOW_TASK_STATE_SCHEDULED
_ACTIVITY_SCHEDULED = PendingActivityState.PENDING_ACTIVITY_STATE_SCHEDULED


class Watch:
    """Looks at one workflow from outside, and concludes."""

    def __init__(self, handle: WorkflowHandle[Any, Any], timeout: float) -> None:
        self._seen = Observed(handle)
        self._patient_until = time.time() + timeout
        self._untaken: dict[str, float] = {}
        self._suspected = ""
        self._silent_since: float | None = None

    @property
    def workflow(self) -> str:
        """The workflow's type, as far as known."""
        return self._seen.workflow

    async def how_far(self) -> str:
        """What is waited for, and how far that is, as of the last look."""
        if not self._seen.seen:
            return "Waiting."
        return f"Waiting for {self.workflow}: {self._seen.length:,} events so far."

    async def look(self) -> NoResultYet | None:
        """Look once.

        Returns:
            Why waiting will not help, if that is certain.
        """
        try:
            await self._seen.look()
            self._silent_since = None
            return await self._task_fails() or await self._returns_too_much() or await self._nobody_works()
        except RPCError as error:
            return self._unanswered(error)

    async def account(self, timeout: float) -> NoResultYet:
        """Say what the workflow is at, after the time is up.

        Args:
            timeout: Seconds that were waited.
        """
        return await account(self._seen, timeout, untaken=bool(self._untaken))

    async def activity_options(self) -> Options:
        """What is known of the timeouts of its activities."""
        try:
            return await self._seen.activity_options()
        except RPCError:
            return no_options

    def _unanswered(self, error: RPCError) -> NoResultYet | None:
        if error.status == RPCStatusCode.NOT_FOUND:
            return None  # the wait for the result says so
        now = time.monotonic()
        self._silent_since = self._silent_since or now
        patience = _SILENT if error.status == RPCStatusCode.UNAVAILABLE else _SLOW
        if now - self._silent_since < patience:
            return None
        return NoResultYet(
            "server does not answer",
            "The Temporal server does not answer.",
            "Nothing is lost if it keeps its state in a file. `lab.start()` starts it again.",
        )

    async def _task_fails(self) -> NoResultYet | None:
        task = self._seen.task
        if task is None or task.attempt < 2 or task.state != _STARTED:
            return None
        failing = await FailingTask.of(self._seen)
        if failing is None or failing.running < _UNFINISHED:
            return None
        if failing.perhaps_mended:
            return failing.told() if failing.due[0] > self._patient_until else None
        if failing.came is None or failing.logged() or failing.running > _TAKES:
            return failing.told()
        return None

    async def _returns_too_much(self) -> NoResultYet | None:
        for one in self._seen.activities:
            # With a last attempt, the workflow gets the failure after it, and may know what to do.
            if not activity_too_large(one) or not backs_off(one) or one.maximum_attempts:
                continue
            came = await self._seen.another_since(one.last_worker_identity)
            if came is None or came < seconds_of(one.last_attempt_complete_time):
                return told_of_activity(self._seen.workflow, one)
        return None

    async def _nobody_works(self) -> NoResultYet | None:
        waiting: dict[str, tuple[str, str]] = {}  # what waits -> its name, and its task queue
        task = self._seen.task
        if task is not None and task.state == _SCHEDULED:
            key = f"task {task.attempt} {seconds_of(task.scheduled_time)}"
            waiting[key] = ("the next step of the workflow", self._seen.task_queue)
        for one in self._seen.activities:
            if one.state == _ACTIVITY_SCHEDULED and not backs_off(one):
                queue = one.activity_options.task_queue.name or self._seen.task_queue
                waiting[f"activity {one.activity_id} {one.attempt}"] = (
                    f"activity {one.activity_type.name}",
                    queue,
                )
        now = time.monotonic()
        self._untaken = {key: self._untaken.get(key, now) for key in waiting}
        for key, since in self._untaken.items():
            if now - since < UNTAKEN_SECONDS or is_one_starting(within=_STARTING):
                continue
            name, queue = waiting[key]
            of_workflow = key.startswith("task")
            workers = await self._seen.pollers(queue, of_workflow=of_workflow)
            if of_workflow:
                holder = await self._seen.sticky_holder()
                if holder and any(worker.identity != holder for worker in workers):
                    continue  # another worker is there, and will be asked soon
            elif workers and now - since < 2 * UNTAKEN_SECONDS:
                continue  # it may be busy with other activities
            if self._suspected != key:
                # The description and the history were read one after the other: only twice is certain.
                self._suspected = key
                return None
            return no_worker(name, queue, was_there=bool(workers))
        return None

    async def about_to_go_on(self, late: float) -> bool:
        """Whether something will happen by itself within the next seconds.

        Args:
            late: Seconds since the time was up.
        """
        task = self._seen.task
        if task is None:
            return False
        now = time.time()
        begun = task.started_time if task.state == _STARTED else task.scheduled_time
        if now - seconds_of(begun) < UNTAKEN_SECONDS and late < UNTAKEN_SECONDS:
            return True  # most steps take milliseconds
        try:
            # Temporal hands the work of a lost worker to another one, if there is one.
            another = await self._seen.another_since(await self._seen.last_holder()) is not None
            return another and (task.state == _STARTED or bool(await self._seen.sticky_holder()))
        except RPCError:
            return False


__all__ = ["Watch"]
