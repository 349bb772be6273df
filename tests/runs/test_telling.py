"""Telling a run, of events that are made up."""

from __future__ import annotations

import pytest
from temporalio.api.enums.v1 import EventType
from temporalio.api.history.v1 import HistoryEvent

from workshop.runs.telling import tell


@pytest.mark.parametrize("order", ["aAbBcC", "abcABC", "abAcBC", "cCaAbB", "aAbcBC"])
def test_chains_side_by_side_look_alike_whichever_is_heard_of_first(order: str) -> None:
    """Three chains of two activities: a small letter is the end of a first one, a large one the start of its second."""
    events = [event(1, EventType.EVENT_TYPE_WORKFLOW_EXECUTION_STARTED)]

    def schedule() -> int:
        events.append(event(len(events) + 1, EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED))
        return len(events)

    def complete(scheduled: int) -> None:
        events.append(event(len(events) + 1, EventType.EVENT_TYPE_ACTIVITY_TASK_COMPLETED))
        events[-1].activity_task_completed_event_attributes.scheduled_event_id = scheduled

    first = {letter: schedule() for letter in "abc"}
    second = []
    for letter in order:
        if letter in first:
            complete(first[letter])
        else:
            second.append(schedule())
    for scheduled in second:
        complete(scheduled)
    events.append(event(len(events) + 1, EventType.EVENT_TYPE_WORKFLOW_EXECUTION_COMPLETED))
    rows = tell(events).rows
    assert [(row.start.column, row.segments[-1].end.column) for row in rows] == [(1, 2)] * 3 + [(3, 4)] * 3


def event(number: int, kind: EventType.ValueType) -> HistoryEvent:
    made = HistoryEvent(event_id=number, event_type=kind)
    getattr(
        made, EventType.Name(kind).removeprefix("EVENT_TYPE_").lower() + "_event_attributes"
    ).SetInParent()
    return made
