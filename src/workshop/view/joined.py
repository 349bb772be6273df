"""``await show.spans(handle)``: the trace of a workflow's agents and its event history, joined.

What ties them is in both: with each activity that it starts, the plugin of the Agents SDK puts the id of the
span in which it does so into a header, and Temporal keeps the header in the history.
"""

from __future__ import annotations

import asyncio
import json
import os
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from temporalio.api.common.v1 import Header
from temporalio.api.history.v1 import HistoryEvent
from temporalio.client import WorkflowExecutionDescription, WorkflowExecutionStatus, WorkflowHandle
from temporalio.service import RPCError

from workshop.errors import LabError
from workshop.lab.gateway_client import GatewayClient, Span, Trace
from workshop.lab.traces import flush_traces
from workshop.runs.errors import describe, no_history
from workshop.runs.events import attributes, event_name
from workshop.runs.workers import worker_numbers
from workshop.view.document import Block, Paragraph, Table, View
from workshop.view.traces import span_label
from workshop.view.wording import count

_RPC = timedelta(seconds=20)

_SETTLE = 2.0
"""Seconds to wait for spans; a worker sends each within half a second of its end."""

_LOOK_EVERY = 0.05

_HEADER = "__openai_span"
"""The plugin's header. Read here by its name, since importing the plugin takes seconds."""

_OWN_CODE = "none: workflow code"
_SAME = "the same activity"
_OUTSIDE = "none: not a step of an agent"
_LOST = "none: lost (a killed worker sends none)"
_TO_COME = "none yet: sent when it ends"


@dataclass(frozen=True, slots=True)
class CarriedBy:
    """The activity that carried out a span.

    Attributes:
        name: The activity's type.
        activity_id: Its number within the workflow, as the trace and the history have it.
        events: The ids of its events so far: scheduled, started, closed.
        attempts: How many attempts it has had; 0 if none has begun.
        worker: Which worker, from 1 in the order of appearance, had the last one; None if that is not known.
    """

    name: str
    activity_id: str
    events: tuple[int, ...]
    attempts: int = 0
    worker: int | None = None


@dataclass(frozen=True, slots=True)
class SpanRow:
    """One span of the trace, or an activity that has none.

    Attributes:
        span: What the span is, in words; why there is none, for an activity without a span.
        level: How deep it is nested, from 0.
        activity: What carried it out; None if the workflow's own code did.
        again: True if the row before belongs to the same activity: another attempt, or a span within it.
        is_span: False for an activity that has no span.
    """

    span: str
    level: int
    activity: CarriedBy | None = None
    again: bool = False
    is_span: bool = True


class Spans(View):
    """The spans of a run and their activities; empty, with a line that says why, if there is no trace.

    Attributes:
        rows: The spans in the order in which they began, each before those within it.
    """

    def __init__(self, rows: Sequence[SpanRow], blocks: Sequence[Block]) -> None:
        self.rows = tuple(rows)
        super().__init__("spans and activities", blocks)


async def spans(handle: WorkflowHandle[Any, Any]) -> Spans:
    """Join a workflow's trace and history: a row for each span, with the activity that carried it out.

    Args:
        handle: The workflow, as ``client.start_workflow`` or ``client.get_workflow_handle`` return it.

    Raises:
        LabError: there is no such workflow, the server does not answer, or the gateway does not.
    """
    described = await describe(handle)
    try:
        events = [event async for event in handle.fetch_history_events(rpc_timeout=_RPC)]
    except RPCError as error:
        raise LabError(no_history(error, handle.id)) from None
    run = _Run(events, described)
    if not run.traces:
        when = " yet" if run.goes_on else ""
        return _nothing(f"{run.workflow} has no trace{when}: no agent of the Agents SDK has run in it.")
    flush_traces()
    traces = await _settled(run)
    if not traces:
        return _nothing(
            f"The gateway has no trace of this {run.workflow}. It loses traces when it is restarted."
        )
    return _joined(run, traces)


class _Run:
    """What the history tells of one run."""

    def __init__(self, events: Sequence[HistoryEvent], described: WorkflowExecutionDescription) -> None:
        self.id = described.id
        self.workflow = described.workflow_type
        self.status = described.status
        self.activities: dict[int, CarriedBy] = {}  # by the id of the event that scheduled them
        self.by_span: dict[str, int] = {}
        self.traces: list[str] = []  # ids, in the order in which they are first heard of
        workers = worker_numbers(events)
        by_id: dict[str, int] = {}
        for event in events:
            name, details = event_name(event), attributes(event)
            if name == "ActivityTaskScheduled":
                self._add(event.event_id, details)
                by_id[details.activity_id] = event.event_id
            elif name.startswith("ActivityTask") and details.scheduled_event_id in self.activities:
                known = self.activities[details.scheduled_event_id]
                known = replace(known, events=(*known.events, event.event_id))
                if name == "ActivityTaskStarted":
                    known = replace(known, attempts=details.attempt, worker=workers.get(details.identity))
                self.activities[details.scheduled_event_id] = known
        # Attempts under way are no events yet.
        self.pending = set()
        for pending in described.raw_description.pending_activities:
            scheduled = by_id.get(pending.activity_id)
            if scheduled is not None:
                self.pending.add(scheduled)
                self.activities[scheduled] = replace(
                    self.activities[scheduled],
                    attempts=pending.attempt,
                    worker=workers.get(pending.last_worker_identity),
                )
        self.workers = len(workers)

    def _add(self, event_id: int, details: Any) -> None:
        self.activities[event_id] = CarriedBy(details.activity_type.name, details.activity_id, (event_id,))
        context = _trace_context(details.header)
        if context is not None:
            trace_id, span_id = context
            self.by_span[span_id] = event_id
            if trace_id not in self.traces:
                self.traces.append(trace_id)

    @property
    def goes_on(self) -> bool:
        return self.status == WorkflowExecutionStatus.RUNNING

    @property
    def is_in_step(self) -> bool:
        """Whether the events' ids are the same in every such run: one worker, and one activity at a time."""
        ended = 0
        for scheduled, activity in self.activities.items():
            if scheduled < ended:
                return False
            ended = activity.events[-1]
        return self.workers < 2


def _trace_context(header: Header) -> tuple[str, str] | None:
    """The trace and the span in which an activity was started; None if it was in none."""
    if _HEADER not in header.fields:
        return None
    try:
        found = json.loads(header.fields[_HEADER].data)
    except ValueError:  # encrypted, say
        return None
    if not isinstance(found, dict):
        return None
    trace_id, span_id = found.get("traceId"), found.get("spanId")
    return (str(trace_id), str(span_id)) if trace_id and span_id else None


async def _settled(run: _Run) -> list[Trace]:
    """The traces of a run, once all of its spans have come, but after two seconds in any case."""
    deadline = time.monotonic() + _SETTLE
    with GatewayClient.for_scope() as client:
        while True:
            found = {trace.trace_id: trace for trace in client.traces()}
            traces = [found[key] for key in run.traces if key in found]
            sent = {span.span_id for trace in traces for span in _all(trace.spans)}
            # An activity's span ends, and is sent, when the workflow has its result.
            come = all(key in sent for key, event in run.by_span.items() if event not in run.pending)
            ended = run.goes_on or all(trace.whole for trace in traces)
            if (come and ended) or time.monotonic() > deadline:
                return traces
            await asyncio.sleep(_LOOK_EVERY)


def _all(spans: Iterable[Span]) -> Iterable[Span]:
    for span in spans:
        yield span
        yield from _all(span.children)


def _joined(run: _Run, traces: Sequence[Trace]) -> Spans:
    joiner = _Joiner(run)
    rows = [row for trace in traces for row in joiner.rows_of(trace.spans, 0)]
    for scheduled, activity in run.activities.items():
        if scheduled not in joiner.placed:
            traced = scheduled in run.by_span.values()
            why = (_TO_COME if run.goes_on else _LOST) if traced else _OUTSIDE
            rows.append(SpanRow(why, 0, activity, is_span=False))
    total = sum(row.is_span for row in rows)
    carried = sum(row.is_span and row.activity is not None for row in rows)
    by_code = total - carried
    blocks: list[Block] = [_table(run, rows)]
    words = (
        f"{count(total, 'span')}: {carried} carried out by activities, {by_code} by the workflow's own code."
    )
    blocks.append(Paragraph(words))
    if run.goes_on:
        blocks.append(
            Paragraph("The run goes on. A span is sent when it ends, so the outer spans come last.")
        )
    return Spans(rows, blocks)


class _Joiner:
    """Makes rows of spans. The plugin's own spans make none: they are what ties the others to activities."""

    def __init__(self, run: _Run) -> None:
        self._run = run
        self.placed: set[int] = set()

    def rows_of(self, spans: Sequence[Span], level: int) -> list[SpanRow]:
        """The rows of some spans and of those within them."""
        rows = []
        # Tools that were asked for at once began at once: then the order of their activities counts.
        for span in sorted(spans, key=lambda one: (one.started_at or "", self._first_event(one))):
            rows += self._rows(span, level)
        return rows

    def _rows(self, span: Span, level: int) -> list[SpanRow]:
        if _starts_activity(span):
            return self._started(span, level)
        if _is_plugins(span):
            # A client's span around another workflow is in the same trace if the learner's own trace is.
            foreign = _told(span).get("workflowId", self._run.id) != self._run.id
            return [] if foreign else self.rows_of(span.children, level)
        label = span_label(span) + (", failed" if span.error else "")
        starts = [child for child in span.children if _starts_activity(child)]
        if span.type in ("task", "agent", "turn") or len(starts) != 1:
            return [SpanRow(label, level), *self.rows_of(span.children, level + 1)]
        # A tool that is one activity: the span and the activity are the same step.
        (start,) = starts
        inner = [child for child in span.children if child is not start]
        within = self.rows_of([*start.children, *inner], level + 1)
        activity = self._activity(start)
        return [SpanRow(label, level, activity), *self._again(within, activity)]

    def _started(self, start: Span, level: int) -> list[SpanRow]:
        activity = self._activity(start)
        within = self.rows_of(start.children, level)
        if not within:
            return [SpanRow(start.name, level, activity)]
        first, *others = self._again(within, activity)
        return [replace(first, again=False), *others]

    def _again(self, rows: Sequence[SpanRow], activity: CarriedBy) -> list[SpanRow]:
        return [row if row.activity else replace(row, activity=activity, again=True) for row in rows]

    def _activity(self, start: Span) -> CarriedBy:
        scheduled = self._run.by_span.get(start.span_id)
        if scheduled is None:
            # A local activity leaves a marker in the history, without the header.
            return CarriedBy(str(_told(start).get("activity", "activity")), "", ())
        self.placed.add(scheduled)
        return self._run.activities[scheduled]

    def _first_event(self, span: Span) -> float:
        found = [self._run.by_span[one.span_id] for one in _all([span]) if one.span_id in self._run.by_span]
        return min(found, default=float("inf"))


def _is_plugins(span: Span) -> bool:
    return span.type == "custom" and span.name.startswith("temporal:")


def _starts_activity(span: Span) -> bool:
    return _is_plugins(span) and span.name in ("temporal:startActivity", "temporal:startLocalActivity")


def _told(span: Span) -> Mapping[str, Any]:
    data = span.data.get("data")
    return data if isinstance(data, dict) else {}


def _table(run: _Run, rows: Sequence[SpanRow]) -> Table:
    ids = run.is_in_step or os.environ.get("WORKSHOP_VIEWS") != "static"
    header = ["span", "activity", "id", *(["events"] if ids else []), "attempts", "worker"]
    return Table(
        f"{run.workflow}: the spans of its trace, and the activities that carried them out",
        header,
        [_cells(row, ids) for row in rows],
        numbers=frozenset(header.index(name) for name in ("id", "attempts", "worker")),
        levels=[row.level for row in rows],
    )


def _cells(row: SpanRow, ids: bool) -> list[str]:
    activity = row.activity
    if activity is None or row.again:
        return [row.span, _SAME if activity else _OWN_CODE, *[""] * (4 if ids else 3)]
    return [
        row.span,
        activity.name,
        activity.activity_id,
        *([_numbers(activity.events)] if ids else []),
        str(activity.attempts or ""),
        str(activity.worker or ""),
    ]


def _numbers(events: Sequence[int]) -> str:
    first, last = (events[0], events[-1]) if events else (0, 0)
    if len(events) > 2 and last - first == len(events) - 1:
        return f"{first} to {last}"
    return ", ".join(map(str, events))


def _nothing(why: str) -> Spans:
    return Spans([], [Paragraph(why)])


__all__ = ["CarriedBy", "SpanRow", "Spans", "spans"]
