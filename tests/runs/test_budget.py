"""What a history is made of, from events that are made here."""

from __future__ import annotations

import pytest
from temporalio.api.enums.v1 import EventType
from temporalio.api.history.v1 import HistoryEvent
from temporalio.converter import DataConverter

from workshop.runs.budget import Budget, Limit, Limits, Use, measure, together

MODEL = "invoke_model_activity"


def begun(identity: str = "1@machine") -> HistoryEvent:
    event = HistoryEvent(event_id=1, event_type=EventType.EVENT_TYPE_WORKFLOW_EXECUTION_STARTED)
    event.workflow_execution_started_event_attributes.identity = identity
    return event


async def call(number: int, sent: int, tokens: int, name: str = MODEL) -> list[HistoryEvent]:
    """The three events of an activity whose argument has ``sent`` bytes."""
    asked = HistoryEvent(event_id=number, event_type=EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED)
    details = asked.activity_task_scheduled_event_attributes
    details.activity_type.name = name
    details.input.payloads.add(data=b"x" * sent)
    started = HistoryEvent(event_id=number + 1, event_type=EventType.EVENT_TYPE_ACTIVITY_TASK_STARTED)
    started.activity_task_started_event_attributes.scheduled_event_id = number
    done = HistoryEvent(event_id=number + 2, event_type=EventType.EVENT_TYPE_ACTIVITY_TASK_COMPLETED)
    done.activity_task_completed_event_attributes.scheduled_event_id = number
    usage = {"usage": {"input_tokens": tokens, "output_tokens": 1}}
    done.activity_task_completed_event_attributes.result.payloads.extend(
        await DataConverter.default.encode([usage])
    )
    return [asked, started, done]


async def run_of(*sent: int) -> list[HistoryEvent]:
    calls = [await call(2 + 3 * n, size, n) for n, size in enumerate(sent)]
    return [begun(), *[event for events in calls for event in events]]


async def test_bytes_and_events_by_kind_and_turn() -> None:
    events = [*await run_of(1000, 2000), *await call(20, 500, 0, "read")]
    found = await measure(events, DataConverter.default, "queue")
    assert found.events == len(events) == 10
    assert found.bytes == sum(event.ByteSize() for event in events)
    assert {kind: use.events for kind, use in found.kinds.items()} == {
        "model calls, what is sent": 2,
        "model calls, what comes back": 2,
        "other activities": 2,
        "everything else": 4,
    }
    assert [turn.events for turn in found.turns] == [3, 6]
    assert found.begun.events == 1
    assert found.after(1).events == 4
    assert found.input_tokens == (0, 1)


async def test_names_and_times_do_not_count_where_it_is_to_be_portable() -> None:
    sizes = set()
    for identity, queue, seconds in (("1@a", "q", 1), ("12345@a-long-name", "a-long-queue", 2**31)):
        event = begun(identity)
        event.workflow_execution_started_event_attributes.task_queue.name = queue
        event.event_time.nanos = seconds % 1000
        event.task_id = seconds
        found = await measure([event], DataConverter.default, queue, portable=True)
        sizes.add(found.bytes)
    assert len(sizes) == 1


async def test_a_reply_that_cannot_be_read_has_no_tokens() -> None:
    asked, started, done = await call(2, 10, 7)
    done.activity_task_completed_event_attributes.result.payloads[0].data = b"{"
    assert (await measure([asked, started, done], DataConverter.default, "")).input_tokens == ()


def growing(turns: int, first: int, more: int) -> Budget:
    return Budget(begun=Use(5, 0), turns=tuple(Use(6, first + more * n) for n in range(turns)))


@pytest.mark.parametrize(
    ("first", "more", "limit", "turn"),
    [
        (100, 0, Limit(1_000, 10_000), 10),
        (0, 10, Limit(45 * 10, 10_000), 10),
        (100, 0, Limit(1_000_000, 125), 20),
    ],
)
def test_when_a_limit_is_reached(first: int, more: int, limit: Limit, turn: int) -> None:
    assert growing(9, first, more).turn_of(limit) == turn


def test_a_few_turns_foretell_nothing() -> None:
    assert growing(4, 100, 0).turn_of(Limits().end) is None


def test_runs_together_keep_all_turns() -> None:
    whole = together([growing(3, 100, 0), growing(2, 100, 0)])
    assert len(whole.turns) == 5
    assert whole.events == 2 * 5 + 5 * 6
    assert whole.bytes == 500
