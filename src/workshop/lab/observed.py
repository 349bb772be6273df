"""What the server tells of one workflow: its description, its history, and who asks for its work."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.enums.v1 import EventType, TaskQueueKind, TaskQueueType, WorkflowTaskFailedCause
from temporalio.api.failure.v1 import ActivityFailureInfo
from temporalio.api.history.v1 import HistoryEvent
from temporalio.api.sdk.v1 import WorkflowMetadata
from temporalio.api.taskqueue.v1 import TaskQueue
from temporalio.api.workflow.v1 import PendingActivityInfo, PendingChildExecutionInfo
from temporalio.api.workflowservice.v1 import (
    DescribeTaskQueueRequest,
    DescribeWorkflowExecutionRequest,
    DescribeWorkflowExecutionResponse,
)
from temporalio.client import WorkflowHandle
from temporalio.service import RPCError

from workshop.lab.registry import started_at
from workshop.runs.causes import Options
from workshop.runs.events import seconds_of

_RPC = timedelta(seconds=2)

_QUERY = 1.5
"""Seconds in which a worker must say which messages its workflow takes."""

POLLER_AGE = 70.0
"""Seconds after which a worker that has not asked for work is gone; one that is there asks once a minute."""


@dataclass(frozen=True)
class Poller:
    """A worker that has asked for work; ``age``: seconds since it did last."""

    identity: str
    age: float


class Observed:
    """One workflow, as its server describes it: what the latest :meth:`look` has found.

    Attributes:
        id: The workflow's id.
    """

    def __init__(self, handle: WorkflowHandle[Any, Any]) -> None:
        self._client = handle._client
        self.id = handle.id
        self._run_id = handle.run_id
        self._described: DescribeWorkflowExecutionResponse | None = None
        self._events: list[HistoryEvent] = []
        self._events_of: tuple[str, int] = ("", 0)

    async def look(self) -> None:
        """Have it described anew.

        Raises:
            RPCError: there is no such workflow, or the server does not answer.
        """
        self._described = await self._client.workflow_service.describe_workflow_execution(
            DescribeWorkflowExecutionRequest(
                namespace=self._client.namespace,
                execution=WorkflowExecution(workflow_id=self.id, run_id=self._run_id or ""),
            ),
            timeout=_RPC,
        )

    # What the description says

    @property
    def seen(self) -> bool:
        """Whether it has ever been described."""
        return self._described is not None

    @property
    def workflow(self) -> str:
        """The workflow's type, as far as known."""
        return self._info.type.name if self._described is not None else "The workflow"

    @property
    def task_queue(self) -> str:
        """The task queue that it was started on."""
        return str(self._info.task_queue)

    @property
    def run_id(self) -> str:
        """The run that was described."""
        return str(self._info.execution.run_id)

    @property
    def length(self) -> int:
        """How many events the history of that run has."""
        return int(self._info.history_length)

    @property
    def task_timeout(self) -> float:
        """Seconds after which another worker gets a step that one has begun."""
        assert self._described is not None  # noqa: S101 - only used after a look that succeeded
        return seconds_of(self._described.execution_config.default_workflow_task_timeout)

    @property
    def task(self) -> Any:
        """What is known of the pending workflow task; None if there is none."""
        if self._described is None or not self._described.HasField("pending_workflow_task"):
            return None
        return self._described.pending_workflow_task

    @property
    def activities(self) -> Sequence[PendingActivityInfo]:
        """The activities that it waits for."""
        return self._described.pending_activities if self._described is not None else ()

    @property
    def children(self) -> Sequence[PendingChildExecutionInfo]:
        """The child workflows that it waits for."""
        return self._described.pending_children if self._described is not None else ()

    @property
    def _info(self) -> Any:
        assert self._described is not None  # noqa: S101 - set by every look that succeeded
        return self._described.workflow_execution_info

    # What the history says. Each raises an RPCError if it has to be read and cannot be.

    async def failed_task(self) -> HistoryEvent | None:
        """The latest failure of the workflow task that is tried now."""
        for event in reversed(await self._history()):
            if event.event_type == EventType.EVENT_TYPE_WORKFLOW_TASK_COMPLETED:
                return None
            if event.event_type == EventType.EVENT_TYPE_WORKFLOW_TASK_FAILED:
                benign = WorkflowTaskFailedCause.WORKFLOW_TASK_FAILED_CAUSE_UNHANDLED_COMMAND
                return None if event.workflow_task_failed_event_attributes.cause == benign else event
        return None

    async def sticky_holder(self) -> str:
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

    async def last_holder(self) -> str:
        """The worker that has begun a workflow task last; empty if none has."""
        for event in reversed(await self._history()):
            if event.event_type == EventType.EVENT_TYPE_WORKFLOW_TASK_STARTED:
                identity = event.workflow_task_started_event_attributes.identity
                if identity:
                    return identity
        return ""

    async def open_timers(self) -> list[HistoryEvent]:
        """The starts of the timers that have neither fired nor been cancelled."""
        found: dict[int, HistoryEvent] = {}
        for event in await self._history():
            if event.event_type == EventType.EVENT_TYPE_TIMER_STARTED:
                found[event.event_id] = event
            elif event.event_type == EventType.EVENT_TYPE_TIMER_FIRED:
                found.pop(event.timer_fired_event_attributes.started_event_id, None)
            elif event.event_type == EventType.EVENT_TYPE_TIMER_CANCELED:
                found.pop(event.timer_canceled_event_attributes.started_event_id, None)
        return list(found.values())

    async def activity_options(self) -> Options:
        """What its activities were scheduled with, such as their timeouts."""
        by_event = {
            event.event_id: event.activity_task_scheduled_event_attributes
            for event in await self._history()
            if event.event_type == EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED
        }

        def find(info: ActivityFailureInfo) -> Any:
            found = by_event.get(info.scheduled_event_id)
            # After a run was continued as new, the failure may be from another run.
            return found if found is not None and found.activity_id == info.activity_id else None

        return find

    async def _history(self) -> list[HistoryEvent]:
        # Read again only when it has grown.
        run_id = self._info.execution.run_id
        if self._events_of != (run_id, self._info.history_length):
            handle = self._client.get_workflow_handle(self.id, run_id=run_id)
            self._events = [event async for event in handle.fetch_history_events(rpc_timeout=_RPC)]
            self._events_of = (run_id, self._info.history_length)
        return self._events

    # What its workers say

    async def pollers(self, queue: str, *, of_workflow: bool) -> list[Poller]:
        """The workers that have asked this queue for work lately; a dead one is listed for some time.

        Args:
            queue: The task queue.
            of_workflow: Whether for workflow tasks, or for activities.

        Raises:
            RPCError: the server does not answer.
        """
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
        found = [Poller(one.identity, now - seconds_of(one.last_access_time)) for one in described.pollers]
        return [poller for poller in found if poller.age < POLLER_AGE]

    async def another_since(self, than: str) -> float | None:
        """When the latest worker came that has asked for work since this one did last; None if none has.

        Args:
            than: The identity of a worker.

        Returns:
            Seconds since 1970. Of a process of this notebook: its start; of another one: when it asked last.

        Raises:
            RPCError: the server does not answer.
        """
        pollers = await self.pollers(self.task_queue, of_workflow=True)
        own = min((poller.age for poller in pollers if poller.identity == than), default=POLLER_AGE)
        others = [poller for poller in pollers if poller.identity != than and poller.age < own]
        now = time.time()
        came = [started_at(pid_of(poller.identity)) or now - poller.age for poller in others]
        return max(came, default=None)

    async def handlers(self) -> str:
        """The signals and updates that the workflow takes, as its worker tells; empty if there is none."""
        handle = self._client.get_workflow_handle(self.id, run_id=self._run_id)
        try:
            # A query of the SDK's own; no event comes of it.
            asked = handle.query("__temporal_workflow_metadata", result_type=WorkflowMetadata)
            definition = (await asyncio.wait_for(asked, _QUERY)).definition
        except (RPCError, TimeoutError):
            return ""
        named = [f"signal {one.name}" for one in definition.signal_definitions if one.name]
        named += [f"update {one.name}" for one in definition.update_definitions if one.name]
        return ", ".join(named)


def pid_of(identity: str) -> int:
    """The process id in a worker's identity; 0 if it is not the SDK's own."""
    # The SDK's own identity is PID@HOST.
    pid = identity.partition("@")[0]
    return int(pid) if pid.isdecimal() else 0


def backs_off(one: PendingActivityInfo) -> bool:
    """Whether an activity waits for the time of its next attempt."""
    return one.HasField("next_attempt_schedule_time") and seconds_of(one.next_attempt_schedule_time) > 0


__all__ = ["POLLER_AGE", "Observed", "Poller", "backs_off", "pid_of"]
