"""What a workflow's event history tells, as a small model: rows, attempts, handovers. No input or output.

Only what the history shows is told (and, of what is still pending, what the server's description shows). It
does not say who ran an attempt that nobody answered, nor why an attempt before the last one failed; so
neither does this.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any, Literal

from temporalio.api.enums.v1 import (
    EventType,
    PendingActivityState,
    PendingWorkflowTaskState,
    TimeoutType,
    WorkflowTaskFailedCause,
)
from temporalio.api.history.v1 import HistoryEvent
from temporalio.api.workflow.v1 import PendingActivityInfo, PendingWorkflowTaskInfo
from temporalio.api.workflowservice.v1 import DescribeWorkflowExecutionResponse

from workshop.runs.events import (
    activity_title,
    attributes,
    cause_of,
    duration,
    event_name,
    innermost,
    is_timeout,
    local_activity,
    own_line,
    seconds_of,
    timeout_words,
    typed_cause_of,
)

UNTAKEN_SECONDS = 2.0
"""A worker that is alive takes a task within milliseconds; after this long, none is there to take it."""

State = Literal["completed", "failed", "timed out", "cancelled", "running", "waiting"]
Kind = Literal["activity", "timer", "child", "signal", "update", "cancel", "code", "other"]


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is on the picture.

    Attributes:
        column: By the order of events: 0, 1, 2 and so on.
        seconds: Since the workflow started.
    """

    column: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Segment:
    """One attempt, or several that ended alike and of which the history does not tell more.

    Attributes:
        first: The first attempt's number, from 1; 0 where attempts are not counted.
        last: The last one's.
        words: What is written on it, such as ``failed``.
        cause: Why it failed; empty if it did not.
        worker: Which worker, from 1 in the order of appearance; None if the history does not say.
    """

    start: Place
    end: Place
    state: State
    words: str
    first: int = 0
    last: int = 0
    cause: str = ""
    worker: int | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One activity, timer, child workflow, signal, update or cancel request, or a failure of the code itself.

    Attributes:
        name: What it is called: an activity's summary if it has one, otherwise its type.
        of: The activity's type where the name is a summary; empty otherwise.
        instant: True for what has no length, such as a signal.
    """

    kind: Kind
    name: str
    segments: tuple[Segment, ...]
    of: str = ""
    instant: bool = False

    @property
    def start(self) -> Place:
        """Where it begins."""
        return self.segments[0].start

    @property
    def state(self) -> State:
        """How it ended, or what it does now."""
        return self.segments[-1].state

    @property
    def label(self) -> str:
        """Its name, and what it is unless that is an activity."""
        before = {"signal": "signal ", "update": "update ", "child": "child workflow "}.get(self.kind, "")
        return f"{before}{self.name}"


@dataclass(frozen=True, slots=True)
class Line:
    """A moment that concerns all rows: a worker stopped answering, another took over."""

    place: Place
    text: str


@dataclass(frozen=True, slots=True)
class Story:
    """A workflow's history, told.

    Attributes:
        workflow: The workflow's type.
        status: In words: ``completed``, ``failed``, ``running`` and so on.
        cause: Why it failed, or what it waits for; may be empty.
        end: The last place on the picture.
        workers: How many workers have taken part.
        side_by_side: True if some of them worked at the same time, rather than one after the other.
        closed: True if nothing more can happen.
        next_run: The run id of the run that goes on where this one ended ("continue as new"); or empty.
    """

    workflow: str
    status: str
    cause: str
    rows: tuple[Row, ...]
    lines: tuple[Line, ...]
    end: Place
    workers: int
    side_by_side: bool
    closed: bool
    next_run: str = ""

    def text(self) -> str:
        """All of it in plain words, one line for each row; nothing in it differs from run to run."""
        head = f"{self.workflow}: {self.status}" + (f" ({self.cause})" if self.cause else "")
        told: list[tuple[int, int, str]] = []
        for row in self.rows:
            told.append((row.start.column, 1, f"{row_label(row)}: {segments_text(row, self.workers > 1)}"))
        told += [(line.place.column, 0, f"-- {line.text} --") for line in self.lines]
        told.sort(key=lambda entry: entry[:2])
        body, number = [], 0
        for _, is_row, text in told:
            number += is_row
            body.append(f"{number:>3}. {text}" if is_row else f"     {text}")
        return "\n".join([head, *body])


@dataclass(frozen=True, slots=True)
class SeenAttempt:
    """An attempt as it was seen while the run went on; the history itself keeps only the last one.

    Attributes:
        started: Seconds since the workflow started; None if only its end was seen.
        ended: The same; None while it runs.
        cause: Why it failed; empty while it runs.
    """

    number: int
    started: float | None
    ended: float | None
    cause: str = ""


def row_label(row: Row) -> str:
    """The row's name in text, with the activity's type behind a summary."""
    return f"{row.label} ({row.of})" if row.of else row.label


def segments_text(row: Row, name_workers: bool) -> str:
    """What happened to a row, in one line."""
    told: list[str] = []
    for _, alike in groupby(row.segments, key=lambda one: (bool(one.first), one.words, one.cause)):
        group = list(alike)
        if len(group) == 1:
            told.append(segment_text(group[0], name_workers))
        else:
            cause = f": {group[0].cause}" if group[0].cause else ""
            told.append(f"attempts {group[0].first} to {group[-1].last} {group[0].words}{cause}")
    return "; ".join(told)


def segment_text(segment: Segment, name_workers: bool) -> str:
    """One segment in words, such as ``attempts 1 to 2 failed, the last with: Bank is closed``."""
    several = segment.first != segment.last
    if not segment.first:
        text = segment.words
    elif several:
        text = f"attempts {segment.first} to {segment.last} {segment.words}"
    else:
        text = f"attempt {segment.first} {segment.words}"
    if segment.cause:
        text += f", the last with: {segment.cause}" if several else f": {segment.cause}"
    if name_workers and segment.worker is not None:
        text += f" (worker {segment.worker})"
    return text


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


_MOST_SINGLE = 8
"""Attempts drawn one by one; those before are drawn together."""


@dataclass(slots=True)
class _Open:
    """A row while its end is not known yet."""

    kind: Kind
    name: str
    start: Place
    of: str = ""
    activity_id: str = ""
    limits: Any = None
    attempt: int = 1
    attempt_start: Place | None = None
    last_cause: str = ""
    last_timed_out: bool = False
    worker: int | None = None
    duration: float = 0.0
    segments: list[Segment] = field(default_factory=list)
    instant: bool = False


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
        self.seen = seen
        self.began = seconds_of(events[0].event_time)
        last = max(seconds_of(event.event_time) for event in events)
        self.now = max(last, now or 0.0) - self.began
        self.column = 0
        self.category = "start"
        self.ended = 0  # the column where something ended last
        self.open: dict[int, _Open] = {}
        self.rows: list[tuple[int, Row]] = []
        self.order: dict[int, int] = {}
        self.lines: list[Line] = []
        self.workers = worker_numbers(events)
        self.signs = _signs(events)
        self.holder = ""  # the worker that had the latest workflow task
        self.relieved: set[str] = set()
        self.relievers: set[str] = set()
        self.silent: dict[str, int] = {}  # identity -> event id of the task it did not take
        self.code: _Open | None = None
        self.code_event = 0
        self.status, self.cause, self.next_run = "running", "", ""
        self._find_silent()

    # Places

    def at(self, event: HistoryEvent, category: str) -> Place:
        """The place of an event. Neighbours that begin, or end, at one step of the workflow share a column.

        So the order in which parallel activities happen to end does not change a stored picture.
        """
        if category != self.category or category not in ("open", "close"):
            self.column += 1
        self.category = category
        return Place(self.column, max(0.0, seconds_of(event.event_time) - self.began))

    def at_end(self, event: HistoryEvent, row: _Open) -> Place:
        """The place where an activity or the like ends.

        Of several that work side by side, each may be followed by a next one. Those next ones share a column then,
        as their predecessors' ends do, in whichever order the workflow came to hear of these.
        """
        begun_before = (row.attempt_start or row.start).column < self.ended
        if self.category == "open" and begun_before and self.ended == self.column - 1:
            return Place(self.ended, max(0.0, seconds_of(event.event_time) - self.began))
        place = self.at(event, "close")
        self.ended = self.column
        return place

    # Workers

    def worker(self, identity: str) -> int | None:
        return self.workers.get(identity)

    def _find_silent(self) -> None:
        """Which workers did not take a task kept for them, and were not heard of again."""
        last_started = ""
        for event in self.events:
            if event.event_type == EventType.EVENT_TYPE_WORKFLOW_TASK_STARTED:
                last_started = attributes(event).identity or last_started
            elif (
                event.event_type == EventType.EVENT_TYPE_WORKFLOW_TASK_TIMED_OUT
                and last_started in self.signs
                and self.signs[last_started][1] < event.event_id
            ):
                self.silent.setdefault(last_started, event.event_id)

    def _handover(self, event: HistoryEvent, identity: str) -> Place | None:
        """Draw a line where a worker is first heard of after the one that had the workflow was last heard of.

        Workers that run side by side are heard of in turn, and nobody takes over.
        """
        first, _ = self.signs[identity]
        holder = self.holder
        if event.event_type == EventType.EVENT_TYPE_WORKFLOW_TASK_STARTED:
            self.holder = identity
        if event.event_id != first or not holder or holder in self.relieved or self.signs[holder][1] > first:
            return None
        self.relieved.add(holder)
        # How it went the history does not say: a worker that was stopped and one that was killed look alike,
        # but for a timed-out task, which is there or not as the moments happen to fall.
        text = f"worker {self.workers[holder]} gone, worker {self.workers[identity]} took over"
        place = self.at(event, "line")
        self.lines.append(Line(place, text))
        self.relievers.add(identity)
        return place

    def _silence(self, event: HistoryEvent) -> None:
        for identity, event_id in list(self.silent.items()):
            # Where a newcomer follows, both are told at one place: where the newcomer begins.
            newcomer = any(first > self.signs[identity][1] for first, _ in self.signs.values())
            if event_id == event.event_id and not newcomer:
                del self.silent[identity]
                text = f"worker {self.workers[identity]} stopped answering"
                self.lines.append(Line(self.at(event, "line"), text))

    # Rows

    def begin(self, event: HistoryEvent, row: _Open) -> None:
        self.open[event.event_id] = row

    def finish(
        self, opened: int, event: HistoryEvent, state: State, words: str = "", cause: str = ""
    ) -> None:
        row = self.open.pop(opened, None)
        if row is None:
            return
        self._close(opened, row, self.at_end(event, row), state, words or state, cause)

    def _close(self, opened: int, row: _Open, end: Place, state: State, words: str, cause: str = "") -> None:
        counted = row.attempt > 1
        start = row.attempt_start or row.start
        if start.column >= end.column:
            end = Place(start.column + 1, end.seconds)
            self.column = max(self.column, end.column)
        row.segments.append(
            Segment(
                start=start,
                end=end,
                state=state,
                words=words,
                first=row.attempt if counted else 0,
                last=row.attempt if counted else 0,
                cause=cause,
                worker=row.worker,
            )
        )
        self.rows.append(
            (opened, Row(row.kind, row.name, tuple(row.segments), of=row.of, instant=row.instant))
        )

    def mark(
        self, event: HistoryEvent, kind: Kind, name: str, words: str, state: State = "completed"
    ) -> None:
        place = self.at(event, "mark")
        self.rows.append(
            (event.event_id, Row(kind, name, (Segment(place, place, state, words),), instant=True))
        )

    # Events

    def story(self) -> Story:
        for event in self.events:
            self._tell_one(event)
        if self.status == "running":
            self._tell_pending()
        end = Place(self.column + 1, self.now if self.status == "running" else self._last_seconds())
        for opened, row in sorted(self.open.items()):
            # A workflow that closes takes what is still open with it.
            left: State = "running" if self.status == "running" else "cancelled"
            words = "running" if self.status == "running" else "left open"
            self._close(opened, row, end, left, words)
        if self.code is not None:
            self._close(self.code_event, self.code, end, "failed", "task failed", self.code.last_cause)
        end = Place(max(end.column, self.column), end.seconds)
        self.rows.sort(key=lambda entry: entry[0])
        return Story(
            workflow=self.events[0].workflow_execution_started_event_attributes.workflow_type.name
            or "workflow",
            status=self.status,
            cause=self.cause,
            rows=tuple(row for _, row in self.rows),
            lines=tuple(self.lines),
            end=end,
            workers=len(self.workers),
            side_by_side=len(self.workers) > 1 + len(self.relievers),
            closed=self.status != "running",
            next_run=self.next_run,
        )

    def _last_seconds(self) -> float:
        return max(seconds_of(event.event_time) for event in self.events) - self.began

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
            self.finish(details.started_event_id, event, "completed", "fired")
        elif name == "TimerCanceled":
            self.finish(details.started_event_id, event, "cancelled")
        elif name.startswith(("ChildWorkflow", "StartChildWorkflow", "NexusOperation")):
            self._tell_child(event, name, details)
        elif name in ("ExternalWorkflowExecutionSignaled", "SignalExternalWorkflowExecutionFailed"):
            arrived = name.startswith("External")
            state: State = "completed" if arrived else "failed"
            self.finish(details.initiated_event_id, event, state, "delivered" if arrived else "not delivered")
        elif name == "WorkflowExecutionSignaled":
            self.mark(event, "signal", details.signal_name, "received")
        elif name == "WorkflowExecutionUpdateCompleted":
            outcome = details.outcome
            failed = outcome.HasField("failure")
            cause = cause_of(outcome.failure) if failed else ""
            self.finish(details.accepted_event_id, event, "failed" if failed else "completed", cause=cause)
        elif name == "WorkflowExecutionUpdateRejected":
            why = f"rejected: {cause_of(details.failure)}"
            self.mark(event, "update", details.rejected_request.input.name, why, "failed")
        elif name == "WorkflowExecutionCancelRequested":
            self.mark(event, "cancel", "cancel request", "received", "cancelled")
        elif name == "MarkerRecorded" and (local := local_activity(event)):
            self.mark(event, "activity", local, "completed in the workflow's own worker")

    def _tell_opening(self, event: HistoryEvent, name: str, details: Any, summary: str) -> None:
        start = self.at(event, "open")
        if name == "ActivityTaskScheduled":
            title, of = activity_title(details.activity_type.name, summary)
            row = _Open("activity", title, start, of=of, limits=details)
            row.activity_id = details.activity_id
        elif name == "TimerStarted":
            length = seconds_of(details.start_to_fire_timeout)
            title = f"timer of {duration(length)}"
            row = _Open("timer", summary or title, start, of=title if summary else "", duration=length)
        elif name == "StartChildWorkflowExecutionInitiated":
            kind = details.workflow_type.name
            row = _Open("child", summary or kind, start, of=kind if summary else "")
        elif name == "WorkflowExecutionUpdateAccepted":
            row = _Open("update", details.accepted_request.input.name, start)
        elif name == "NexusOperationScheduled":
            row = _Open("other", f"{details.service}.{details.operation}", start)
        else:
            row = _Open("other", f"signal {details.signal_name} to another workflow", start)
        self.begin(event, row)

    def _tell_activity(self, event: HistoryEvent, name: str, details: Any) -> None:
        opened = details.scheduled_event_id
        row = self.open.get(opened)
        if row is None:
            return
        if name == "ActivityTaskStarted":
            here = self._handover(event, details.identity)
            row.worker = self.worker(details.identity)
            if details.attempt > 1:
                here = here or self.at(event, "start")
                self._earlier_attempts(row, here, details.attempt, details.last_failure)
        elif name == "ActivityTaskCompleted":
            self.finish(opened, event, "completed")
        elif name == "ActivityTaskFailed":
            self.finish(opened, event, "failed", cause=cause_of(details.failure))
        elif name == "ActivityTaskTimedOut":
            cause = self._activity_cause(row, details.failure)
            # Nobody answered, so the worker that started it is not known to have done anything.
            self.finish(opened, event, "timed out", cause=cause)
        elif name == "ActivityTaskCanceled":
            self.finish(opened, event, "cancelled")

    def _earlier_attempts(self, row: _Open, here: Place, attempt: int, failure: Any) -> None:
        """Put the attempts before this one on the row."""
        timed_out = is_timeout(failure)
        cause = self._activity_cause(row, failure)
        state: State = "timed out" if timed_out else "failed"
        known = self._known_attempts(row, attempt)
        unknown = attempt - 1 - len(known)
        if unknown:
            begins = [begun for one in known[:1] if (begun := one.started or one.ended) is not None]
            end = Place(here.column, begins[0]) if begins else here
            row.segments.append(
                Segment(row.start, end, state, state, 1, unknown, known[0].cause if known else cause)
            )
        for one in known:
            ended = one.ended if one.ended is not None else here.seconds
            began = one.started if one.started is not None else ended
            limit = seconds_of(row.limits.start_to_close_timeout)
            if timed_out and limit:
                ended = min(ended, began + limit)
            places = Place(row.start.column, began), Place(here.column, ended)
            row.segments.append(Segment(*places, state, state, one.number, one.number, one.cause or cause))
        row.attempt, row.attempt_start = attempt, here

    def _known_attempts(self, row: _Open, before: int) -> list[SeenAttempt]:
        """The attempts that were seen, without a gap up to the one before this number; the last few."""
        seen = {one.number: one for one in self.seen.get(row.activity_id, ())}
        known: list[SeenAttempt] = []
        for number in range(before - 1, max(0, before - 1 - _MOST_SINGLE), -1):
            if number not in seen:
                break
            known.insert(0, seen[number])
        return known

    def _activity_cause(self, row: _Open, failure: Any) -> str:
        if not is_timeout(failure):
            return cause_of(failure)
        kind = innermost(failure).timeout_failure_info.timeout_type
        limits = {
            TimeoutType.TIMEOUT_TYPE_START_TO_CLOSE: row.limits.start_to_close_timeout,
            TimeoutType.TIMEOUT_TYPE_SCHEDULE_TO_START: row.limits.schedule_to_start_timeout,
            TimeoutType.TIMEOUT_TYPE_SCHEDULE_TO_CLOSE: row.limits.schedule_to_close_timeout,
            TimeoutType.TIMEOUT_TYPE_HEARTBEAT: row.limits.heartbeat_timeout,
        }
        return timeout_words(kind, seconds_of(limits[kind]) if kind in limits else 0.0)

    def _tell_child(self, event: HistoryEvent, name: str, details: Any) -> None:
        opened = getattr(details, "initiated_event_id", 0) or getattr(details, "scheduled_event_id", 0)
        if name.endswith("Completed") and not name.endswith("RequestCompleted"):
            self.finish(opened, event, "completed")
        elif name.endswith("Failed") and not name.endswith("RequestFailed"):
            failure = getattr(details, "failure", None)
            self.finish(
                opened, event, "failed", cause=cause_of(failure) if failure else "could not be started"
            )
        elif name.endswith("Canceled"):
            self.finish(opened, event, "cancelled")
        elif name.endswith("TimedOut"):
            self.finish(opened, event, "timed out")
        elif name.endswith("Terminated"):
            self.finish(opened, event, "cancelled", "terminated")

    def _tell_workflow_task(self, event: HistoryEvent, name: str, details: Any) -> None:
        if name == "WorkflowTaskStarted" and details.identity:
            here = self._handover(event, details.identity)
            if self.code is not None:
                self.code.attempt_start = here
        elif name == "WorkflowTaskTimedOut":
            self._silence(event)
        elif name == "WorkflowTaskFailed":
            if details.cause in _BENIGN_TASK_FAILURES:
                return
            if self.code is None:
                self.code = _Open("code", "workflow code", self.at(event, "mark"))
                self.code_event = event.event_id
            line = own_line(details.failure)
            self.code.last_cause = typed_cause_of(details.failure) + (f", in {line}" if line else "")
        elif name == "WorkflowTaskCompleted" and self.code is not None:
            row, self.code = self.code, None
            here = row.attempt_start or self.at(event, "mark")
            row.segments.append(Segment(row.start, here, "failed", "task failed", 0, 0, row.last_cause))
            row.attempt_start = here
            row.worker = self.worker(details.identity)
            self._close(self.code_event, row, self.at(event, "close"), "completed", "task completed")

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
        self.at(event, "end")

    # What is pending

    def _tell_pending(self) -> None:
        if self.described is None:
            return
        by_id = {pending.activity_id: pending for pending in self.described.pending_activities}
        here = Place(self.column + 1, self.now)
        end = Place(self.column + 2, self.now)
        for opened, row in sorted(self.open.items()):
            pending = by_id.get(row.activity_id) if row.kind == "activity" else None
            if pending is not None:
                self._tell_pending_activity(opened, row, pending, here, end)
                del self.open[opened]
            elif row.kind == "timer":
                self._close(opened, row, end, "waiting", "waiting")
                del self.open[opened]
        task = self.described.pending_workflow_task
        if self._nobody_takes(task):
            self.cause = "no worker has taken the next step yet"
        if self.code is not None and task.attempt > 1:
            row = self.code
            self.code = None
            self._close(self.code_event, row, end, "failed", "task fails, and is tried again", row.last_cause)
        nothing_open = not self.described.pending_activities and not self.open
        waits = not any(row.state in ("waiting", "running") for _, row in self.rows)
        if nothing_open and waits and not self.described.HasField("pending_workflow_task") and not self.cause:
            self.cause = "waiting for a signal or an update"

    def _nobody_takes(self, task: PendingWorkflowTaskInfo) -> bool:
        waits = task.state == PendingWorkflowTaskState.PENDING_WORKFLOW_TASK_STATE_SCHEDULED
        return waits and self.began + self.now - seconds_of(task.scheduled_time) > UNTAKEN_SECONDS

    def _tell_pending_activity(
        self, opened: int, row: _Open, pending: PendingActivityInfo, here: Place, end: Place
    ) -> None:
        row.worker = None
        started = pending.state in (
            PendingActivityState.PENDING_ACTIVITY_STATE_STARTED,
            PendingActivityState.PENDING_ACTIVITY_STATE_CANCEL_REQUESTED,
        )
        if pending.attempt > 1:
            moment = pending.scheduled_time
            if started:
                moment = pending.last_started_time
            elif pending.HasField("last_attempt_complete_time"):
                moment = pending.last_attempt_complete_time
            since = seconds_of(moment) - self.began
            self._earlier_attempts(row, Place(here.column, since), pending.attempt, pending.last_failure)
        if started:
            row.worker = self.worker(pending.last_worker_identity)
            self._close(opened, row, end, "running", "running")
        elif pending.HasField("next_attempt_schedule_time"):
            self._close(opened, row, end, "waiting", "waits before it is tried again")
        elif self.began + self.now - seconds_of(pending.scheduled_time) < UNTAKEN_SECONDS:
            self._close(opened, row, end, "waiting", "about to start")
        else:
            self._close(opened, row, end, "waiting", "waits for a worker")


def _signs(events: Iterable[HistoryEvent]) -> dict[str, tuple[int, int]]:
    """The first and the last event in which each worker was heard of, by identity."""
    found: dict[str, tuple[int, int]] = {}
    for event in events:
        name = event_name(event)
        if not name.startswith(("WorkflowTask", "ActivityTask")):
            continue
        identity = getattr(attributes(event), "identity", "")
        if identity and not name.endswith(("Scheduled", "TimedOut")):
            first, _ = found.get(identity, (event.event_id, 0))
            found[identity] = (first, event.event_id)
    return found


def worker_numbers(events: Iterable[HistoryEvent]) -> dict[str, int]:
    """Numbers for the workers, from 1, in the order in which they were first heard of."""
    return {identity: n for n, identity in enumerate(_signs(events), start=1)}


def pending_attempts(
    described: DescribeWorkflowExecutionResponse, began: float
) -> Iterable[tuple[str, SeenAttempt]]:
    """What a description of a running workflow shows of attempts, to be kept for later.

    Args:
        described: The server's description.
        began: When the workflow started, in seconds since 1970.

    Yields:
        The activity id and one attempt of it: the one that runs, or the one that ended last.
    """
    for pending in described.pending_activities:
        if pending.state == PendingActivityState.PENDING_ACTIVITY_STATE_STARTED:
            started = seconds_of(pending.last_started_time) - began
            yield pending.activity_id, SeenAttempt(pending.attempt, started, None)
        elif pending.attempt > 1:
            # A retry that waits is counted already: what ended is the one before. After a timeout the server
            # names no end, so that the next attempt's turn has to do.
            ended = pending.scheduled_time
            if pending.HasField("last_attempt_complete_time"):
                ended = pending.last_attempt_complete_time
            cause = "" if is_timeout(pending.last_failure) else cause_of(pending.last_failure)
            yield (
                pending.activity_id,
                SeenAttempt(pending.attempt - 1, None, seconds_of(ended) - began, cause),
            )
