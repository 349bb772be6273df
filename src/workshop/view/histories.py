"""``await show.history(handle)``: the events of a workflow, as the server keeps them, in a compact table."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from temporalio.api.failure.v1 import Failure
from temporalio.api.history.v1 import HistoryEvent
from temporalio.client import WorkflowHandle
from temporalio.service import RPCError

from workshop.errors import LabError
from workshop.runs.errors import describe, no_history
from workshop.runs.events import (
    Values,
    activity_title,
    attributes,
    duration,
    event_name,
    local_activity,
    own_line,
    seconds_of,
    shorten,
    timeout_words,
    typed_cause_of,
)
from workshop.runs.workers import worker_numbers
from workshop.view.document import Paragraph, Table, View

_RPC = timedelta(seconds=20)
_VALUE = 60
_DETAIL = 110


class History(View):
    """A table of events; ``len()`` counts them.

    Attributes:
        names: The events' names in order, such as ``WorkflowExecutionStarted``.
    """

    def __init__(self, names: Sequence[str], rows: Sequence[Sequence[str]], header: Sequence[str]) -> None:
        self.names = tuple(names)
        count = f"{len(names)} event{'' if len(names) == 1 else 's'}"
        table = Table(f"Event history, {count}", header, rows, numbers=frozenset({0}))
        super().__init__("event history", [table] if rows else [Paragraph("No events.")])

    def __len__(self) -> int:
        return len(self.names)


async def history(handle: WorkflowHandle[Any, Any], *, times: bool = False) -> History:
    """List a workflow's events: number, name in Temporal's own words, and what matters in it.

    Args:
        handle: The workflow, as ``client.start_workflow`` or ``client.get_workflow_handle`` return it.
        times: Add the seconds since the workflow started; they differ from run to run.

    Raises:
        LabError: there is no such workflow, or the server does not answer.
    """
    described = await describe(handle)
    try:
        events = [event async for event in handle.fetch_history_events(rpc_timeout=_RPC)]
    except RPCError as error:
        raise LabError(no_history(error, handle.id)) from None
    reader = _Reader(events, Values(described.data_converter, handle.id))
    rows = []
    for event in events:
        row = [str(event.event_id), event_name(event), shorten(await reader.detail(event), _DETAIL)]
        if times:
            row.insert(1, f"{seconds_of(event.event_time) - seconds_of(events[0].event_time):.2f} s")
        rows.append(row)
    header = ["event", *(["after"] if times else []), "name", "detail"]
    return History([event_name(event) for event in events], rows, header)


class _Reader:
    def __init__(self, events: Sequence[HistoryEvent], values: Values) -> None:
        self._values = values
        self._workers = worker_numbers(events)
        self._names: dict[int, str] = {}

    async def detail(self, event: HistoryEvent) -> str:
        """What matters in an event, in a few words; empty if its name says it all."""
        name, details = event_name(event), attributes(event)
        found = await self._of_activity(event, name, details)
        if found is None:
            found = await self._of_timer_or_child(event, name, details)
        if found is None:
            found = await self._of_message(event, name, details)
        if found is None:
            found = await self._of_workflow(event, name, details)
        return self._values.tidy(found or "")

    async def _of_activity(self, event: HistoryEvent, name: str, details: Any) -> str | None:
        if not name.startswith("ActivityTask"):
            return None
        if name == "ActivityTaskScheduled":
            kind = details.activity_type.name
            title, of = activity_title(kind, await self._values.summary(event))
            self._names[event.event_id] = title
            named = f"{title}: {kind}" if of else kind
            return f"{named}({await self._short(details.input)})"
        activity = self._names.get(details.scheduled_event_id, "")
        if name == "ActivityTaskStarted":
            text = f"{activity}, attempt {details.attempt}{self._worker(details.identity, ' on ')}"
            if details.attempt > 1:
                text += f"; the attempt before: {self._cause(details.last_failure)}"
            return text
        if name == "ActivityTaskCompleted":
            return f"{activity} returned {await self._short(details.result) or 'None'}"
        if name in ("ActivityTaskFailed", "ActivityTaskTimedOut"):
            return f"{activity}: {self._cause(details.failure)}"
        return activity

    async def _of_timer_or_child(self, event: HistoryEvent, name: str, details: Any) -> str | None:
        if name == "TimerStarted":
            length = duration(seconds_of(details.start_to_fire_timeout))
            summary = await self._values.summary(event)
            self._names[event.event_id] = f"{summary}: {length}" if summary else length
            return self._names[event.event_id]
        if name in ("TimerFired", "TimerCanceled"):
            return self._names.get(details.started_event_id, "")
        if name == "StartChildWorkflowExecutionInitiated":
            self._names[event.event_id] = details.workflow_type.name
            return f"{details.workflow_type.name}({await self._short(details.input)})"
        if name.startswith(("ChildWorkflow", "StartChildWorkflow")):
            child = self._names.get(details.initiated_event_id, "")
            if name.endswith("Completed"):
                return f"{child} returned {await self._short(details.result) or 'None'}"
            has_failure = hasattr(details, "failure") and details.HasField("failure")
            return f"{child}: {self._cause(details.failure)}" if has_failure else child
        if name == "NexusOperationScheduled":
            return f"{details.service}.{details.operation}"
        return None

    async def _of_message(self, event: HistoryEvent, name: str, details: Any) -> str | None:
        if name == "WorkflowExecutionSignaled":
            return f"{details.signal_name}({await self._short(details.input)})"
        if name == "WorkflowExecutionUpdateAccepted":
            update = details.accepted_request.input
            self._names[event.event_id] = update.name
            return f"{update.name}({await self._short(update.args)})"
        if name == "WorkflowExecutionUpdateCompleted":
            update_name = self._names.get(details.accepted_event_id, "")
            if details.outcome.HasField("failure"):
                return f"{update_name}: {self._cause(details.outcome.failure)}"
            return f"{update_name} returned {await self._short(details.outcome.success) or 'None'}"
        if name == "WorkflowExecutionUpdateRejected":
            return f"{details.rejected_request.input.name}: {self._cause(details.failure)}"
        if name == "MarkerRecorded":
            return (
                f"{local_activity(event)} (local activity)" if local_activity(event) else details.marker_name
            )
        return None

    async def _of_workflow(self, event: HistoryEvent, name: str, details: Any) -> str | None:
        match name:
            case "WorkflowTaskScheduled":
                return f"attempt {details.attempt}" if details.attempt > 1 else ""
            case "WorkflowTaskStarted" | "WorkflowTaskCompleted":
                return self._worker(details.identity)
            case "WorkflowTaskTimedOut":
                return timeout_words(details.timeout_type)
            case "WorkflowTaskFailed":
                line = own_line(details.failure)
                return self._cause(details.failure) + (f", in {line}" if line else "")
            case "WorkflowExecutionStarted":
                return f"{details.workflow_type.name}({await self._short(details.input)})"
            case "WorkflowExecutionCompleted":
                return f"returned {await self._short(details.result) or 'None'}"
            case "WorkflowExecutionFailed":
                return self._cause(details.failure)
            case "WorkflowExecutionTerminated":
                return str(details.reason)
            case "WorkflowExecutionContinuedAsNew":
                return f"{details.workflow_type.name}({await self._short(details.input)})"
            case _:
                return None

    async def _short(self, payloads: Any) -> str:
        return shorten(await self._values.text(payloads), _VALUE)

    def _cause(self, failure: Failure) -> str:
        return typed_cause_of(failure)

    def _worker(self, identity: str, before: str = "") -> str:
        number = self._workers.get(identity)
        return f"{before}worker {number}" if number is not None else ""


__all__ = ["History", "history"]
