"""Telling a run: its events, in order, become rows, lines and workers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from temporalio.api.enums.v1 import EventType, WorkflowTaskFailedCause
from temporalio.api.history.v1 import HistoryEvent
from temporalio.api.workflowservice.v1 import DescribeWorkflowExecutionResponse

from workshop.runs.events import (
    activity_title,
    attributes,
    cause_of,
    duration,
    event_name,
    local_activity,
    own_line,
    seconds_of,
    typed_cause_of,
)
from workshop.runs.pending import tell_pending, waits_for
from workshop.runs.rows import OpenRow, Rows, activity_cause
from workshop.runs.story import Line, Place, SeenAttempt, Segment, State, Story
from workshop.runs.workers import Workers

_CLOSED = {
    EventType.EVENT_TYPE_WORKFLOW_EXECUTION_COMPLETED: "completed",
    EventType.EVENT_TYPE_WORKFLOW_EXECUTION_FAILED: "failed",
    EventType.EVENT_TYPE_WORKFLOW_EXECUTION_TIMED_OUT: "timed out",
    EventType.EVENT_TYPE_WORKFLOW_EXECUTION_CANCELED: "cancelled",
    EventType.EVENT_TYPE_WORKFLOW_EXECUTION_TERMINATED: "terminated",
    EventType.EVENT_TYPE_WORKFLOW_EXECUTION_CONTINUED_AS_NEW: "continued as new",
}

_OPENS = {
    "ActivityTaskScheduled",
    "TimerStarted",
    "StartChildWorkflowExecutionInitiated",
    "WorkflowExecutionUpdateAccepted",
    "NexusOperationScheduled",
    "SignalExternalWorkflowExecutionInitiated",
}

_BENIGN_TASK_FAILURES = {
    # Something arrived while the task was under way: the server only asks for another look.
    WorkflowTaskFailedCause.WORKFLOW_TASK_FAILED_CAUSE_UNHANDLED_COMMAND,
    WorkflowTaskFailedCause.WORKFLOW_TASK_FAILED_CAUSE_UNHANDLED_UPDATE,
    WorkflowTaskFailedCause.WORKFLOW_TASK_FAILED_CAUSE_RESET_STICKY_TASK_QUEUE,
}


def tell(
    events: Sequence[HistoryEvent],
    *,
    summaries: Mapping[int, str] | None = None,
    described: DescribeWorkflowExecutionResponse | None = None,
    now: float | None = None,
    seen: Mapping[str, Sequence[SeenAttempt]] | None = None,
) -> Story:
    """Tell a history.

    Args:
        events: All events of one run, in order.
        summaries: The decoded summary of an event's user metadata, by event id.
        described: What is pending besides; without it, open rows are said to be running.
        now: Seconds since 1970; the time of the last event unless given.
        seen: Attempts seen while the run went on, by activity id.

    Raises:
        ValueError: there are no events.
    """
    if not events:
        raise ValueError("a history has at least one event")
    return _Teller(events, summaries or {}, described, now, seen or {}).story()


class _Teller:
    def __init__(
        self,
        events: Sequence[HistoryEvent],
        summaries: Mapping[int, str],
        described: DescribeWorkflowExecutionResponse | None,
        now: float | None,
        seen: Mapping[str, Sequence[SeenAttempt]],
    ) -> None:
        self.events = events
        self.summaries = summaries
        self.described = described
        began = seconds_of(events[0].event_time)
        last = max(seconds_of(event.event_time) for event in events)
        self.ended = last - began
        self.now = max(last, now or 0.0) - began
        self.rows = Rows(began, seen)
        self.workers = Workers(events)
        self.lines: list[Line] = []
        self.code: OpenRow | None = None
        self.code_event = 0
        self.code_ends = "task failed"
        self.status, self.cause, self.next_run = "running", "", ""

    def story(self) -> Story:
        for event in self.events:
            self._tell_one(event)
        running = self.status == "running"
        if running and self.described is not None:
            self._tell_pending(self.described)
        end = Place(self.rows.column + 1, self.now if running else self.ended)
        for opened, row in sorted(self.rows.open.items()):
            # A workflow that closes takes what is still open with it.
            left: State = "running" if running else "cancelled"
            self.rows.close(opened, row, end, left, "running" if running else "left open")
        if self.code is not None:
            cause = self.code.last_cause
            self.rows.close(self.code_event, self.code, end, "failed", "task failed", cause)
        end = Place(max(end.column, self.rows.column), end.seconds)
        return Story(
            workflow=self.events[0].workflow_execution_started_event_attributes.workflow_type.name
            or "workflow",
            status=self.status,
            cause=self.cause,
            rows=self.rows.closed,
            lines=tuple(self.lines),
            end=end,
            workers=len(self.workers),
            side_by_side=len(self.workers) > 1 + self.workers.relievers,
            closed=not running,
            next_run=self.next_run,
        )

    def _tell_pending(self, described: DescribeWorkflowExecutionResponse) -> None:
        end = tell_pending(described, self.rows, self.workers, self.now)
        if self.code is not None and described.pending_workflow_task.attempt > 1:
            row, self.code = self.code, None
            words = "task fails, and is tried again"
            self.rows.close(self.code_event, row, end, "failed", words, row.last_cause)
        self.cause = waits_for(described, self.rows, self.now)

    def _handover(self, event: HistoryEvent, identity: str) -> Place | None:
        """Draw a line where one worker takes over from another."""
        text = self.workers.handover(event, identity)
        if not text:
            return None
        place = self.rows.at(event, "line")
        self.lines.append(Line(place, text))
        return place

    def _tell_one(self, event: HistoryEvent) -> None:
        if event.event_type in _CLOSED:
            self._tell_end(event)
            return
        name, details = event_name(event), attributes(event)
        summary = self.summaries.get(event.event_id, "")
        if name in _OPENS:
            self._tell_opening(event, name, details, summary)
        elif name.startswith("WorkflowTask"):
            self._tell_workflow_task(event, name, details)
        elif name.startswith("ActivityTask"):
            self._tell_activity(event, name, details)
        elif name == "TimerFired":
            self.rows.finish(details.started_event_id, event, "completed", "fired")
        elif name == "TimerCanceled":
            self.rows.finish(details.started_event_id, event, "cancelled")
        elif name.startswith(("ChildWorkflow", "StartChildWorkflow", "NexusOperation")):
            self._tell_child(event, name, details)
        elif name in ("ExternalWorkflowExecutionSignaled", "SignalExternalWorkflowExecutionFailed"):
            arrived = name.startswith("External")
            state: State = "completed" if arrived else "failed"
            self.rows.finish(
                details.initiated_event_id, event, state, "delivered" if arrived else "not delivered"
            )
        elif name == "WorkflowExecutionSignaled":
            self.rows.mark(event, "signal", details.signal_name, "received")
        elif name == "WorkflowExecutionUpdateCompleted":
            outcome = details.outcome
            failed = outcome.HasField("failure")
            cause = cause_of(outcome.failure) if failed else ""
            self.rows.finish(
                details.accepted_event_id, event, "failed" if failed else "completed", cause=cause
            )
        elif name == "WorkflowExecutionUpdateRejected":
            why = f"rejected: {cause_of(details.failure)}"
            self.rows.mark(event, "update", details.rejected_request.input.name, why, "failed")
        elif name == "WorkflowExecutionCancelRequested":
            self.rows.mark(event, "cancel", "cancel request", "received", "cancelled")
        elif name == "MarkerRecorded" and (local := local_activity(event)):
            self.rows.mark(event, "activity", local, "completed in the workflow's own worker")

    def _tell_opening(self, event: HistoryEvent, name: str, details: Any, summary: str) -> None:
        start = self.rows.at(event, "open")
        if name == "ActivityTaskScheduled":
            title, of = activity_title(details.activity_type.name, summary)
            row = OpenRow("activity", title, start, of=of, limits=details)
            row.activity_id = details.activity_id
        elif name == "TimerStarted":
            length = seconds_of(details.start_to_fire_timeout)
            title = f"timer of {duration(length)}"
            row = OpenRow("timer", summary or title, start, of=title if summary else "")
        elif name == "StartChildWorkflowExecutionInitiated":
            kind = details.workflow_type.name
            row = OpenRow("child", summary or kind, start, of=kind if summary else "")
        elif name == "WorkflowExecutionUpdateAccepted":
            row = OpenRow("update", details.accepted_request.input.name, start)
        elif name == "NexusOperationScheduled":
            row = OpenRow("other", f"{details.service}.{details.operation}", start)
        else:
            row = OpenRow("other", f"signal {details.signal_name} to another workflow", start)
        self.rows.begin(event, row)

    def _tell_activity(self, event: HistoryEvent, name: str, details: Any) -> None:
        opened = details.scheduled_event_id
        row = self.rows.open.get(opened)
        if row is None:
            return
        if name == "ActivityTaskStarted":
            here = self._handover(event, details.identity)
            row.worker = self.workers.number(details.identity)
            if details.attempt > 1:
                here = here or self.rows.at(event, "start")
                self.rows.add_earlier_attempts(row, here, details.attempt, details.last_failure)
        elif name == "ActivityTaskCompleted":
            self.rows.finish(opened, event, "completed")
        elif name == "ActivityTaskFailed":
            self.rows.finish(opened, event, "failed", cause=cause_of(details.failure))
        elif name == "ActivityTaskTimedOut":
            cause = activity_cause(row, details.failure)
            # Nobody answered, so the worker that started it is not known to have done anything.
            self.rows.finish(opened, event, "timed out", cause=cause)
        elif name == "ActivityTaskCanceled":
            self.rows.finish(opened, event, "cancelled")

    def _tell_child(self, event: HistoryEvent, name: str, details: Any) -> None:
        opened = getattr(details, "initiated_event_id", 0) or getattr(details, "scheduled_event_id", 0)
        if name.endswith("Completed") and not name.endswith("RequestCompleted"):
            self.rows.finish(opened, event, "completed")
        elif name.endswith("Failed") and not name.endswith("RequestFailed"):
            failure = getattr(details, "failure", None)
            self.rows.finish(
                opened, event, "failed", cause=cause_of(failure) if failure else "could not be started"
            )
        elif name.endswith("Canceled"):
            self.rows.finish(opened, event, "cancelled")
        elif name.endswith("TimedOut"):
            self.rows.finish(opened, event, "timed out")
        elif name.endswith("Terminated"):
            self.rows.finish(opened, event, "cancelled", "terminated")

    def _tell_workflow_task(self, event: HistoryEvent, name: str, details: Any) -> None:
        if name == "WorkflowTaskStarted" and details.identity:
            here = self._handover(event, details.identity)
            if self.code is not None:
                self.code.attempt_start = here
        elif name == "WorkflowTaskTimedOut":
            for text in self.workers.silences(event):
                self.lines.append(Line(self.rows.at(event, "line"), text))
        elif name == "WorkflowTaskFailed":
            if details.cause in _BENIGN_TASK_FAILURES:
                return
            if self.code is None:
                self.code = OpenRow("code", "workflow code", self.rows.at(event, "mark"))
                self.code_event = event.event_id
            line = own_line(details.failure)
            self.code.last_cause = typed_cause_of(details.failure) + (f", in {line}" if line else "")
            reset = WorkflowTaskFailedCause.WORKFLOW_TASK_FAILED_CAUSE_RESET_WORKFLOW
            self.code_ends = "task reset" if details.cause == reset else "task failed"
        elif name == "WorkflowTaskCompleted" and self.code is not None:
            row, self.code = self.code, None
            here = row.attempt_start or self.rows.at(event, "mark")
            row.segments.append(Segment(row.start, here, "failed", self.code_ends, 0, 0, row.last_cause))
            row.attempt_start = here
            row.worker = self.workers.number(details.identity)
            self.rows.close(self.code_event, row, self.rows.at(event, "close"), "completed", "task completed")

    def _tell_end(self, event: HistoryEvent) -> None:
        details = attributes(event)
        self.status = _CLOSED[event.event_type]
        if self.status == "failed":
            self.cause = cause_of(details.failure)
        elif self.status == "terminated":
            # Where nobody gave a reason the server writes this one, which sounds as if a person had clicked.
            self.cause = details.reason.replace("terminated by user via frontend", "")
        elif self.status == "continued as new":
            self.next_run = details.new_execution_run_id
        self.rows.at(event, "end")


__all__ = ["tell"]
