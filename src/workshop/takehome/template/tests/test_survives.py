"""A worker process is killed at every event of a run; each run ends with its answer, and nothing is paid twice."""

import asyncio
import contextlib
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import pytest
from temporalio.api.enums.v1 import EventType
from temporalio.api.history.v1 import HistoryEvent
from temporalio.client import Client, WorkflowHandle
from temporalio.service import RPCError

from tests.outside import MOVED_TWICE, Outside
from tests.processes import Workers
from tests.project import TOOLS
from tests.running import attempts_again, result, start

AT_ONCE = 16
"""Runs side by side, each with a worker and a queue of its own: most of the time each waits for a timeout."""

USUAL = 2.0
"""Seconds that a run takes that nothing disturbs. If it takes longer, the machine is busy: fewer go side by side."""

TRIES = 4
"""A worker that dies with a reply that it has not reported yet has paid for nothing. Such a run is repeated."""

# The server writes these in one go with the event before them, so that a run never stands between the two.
_WITH_THE_LAST = {
    EventType.EVENT_TYPE_WORKFLOW_TASK_SCHEDULED,
    EventType.EVENT_TYPE_ACTIVITY_TASK_COMPLETED,
    EventType.EVENT_TYPE_ACTIVITY_TASK_FAILED,
}


@pytest.mark.timeout(1200)  # a minute is enough; a busy machine takes its time
async def test_killed_at_every_event(client: Client, workers: Workers, outside: Outside) -> None:
    handle = await start(client, 1000)
    workers.start(handle.id)
    answer = await result(handle)
    events = (await handle.fetch_history()).events
    assert len(events) < 1000, "a run of so many events is a test for a night: choose some of them"
    took = events[-1].event_time.ToDatetime() - events[2].event_time.ToDatetime()
    room = asyncio.Semaphore(max(1, min(AT_ONCE, round(AT_ONCE * USUAL / took.total_seconds()))))

    async def check(event: int) -> None:
        for n in range(1000 + event, 1000 * (TRIES + 1) + event, 1000):
            async with room:
                told, given_up = await killed_at(event, n)
            assert told == answer, f"killed at event {event}"
            # One call may die with the worker, unpaid. On a busy machine living workers miss their heartbeats, too.
            repeats = outside.repeats(f"Question {n}:")
            if repeats <= max(0, given_up - 1):
                return
            assert given_up, f"paid twice, killed at event {event}"
        raise AssertionError(f"paid twice, {TRIES} times, killed at event {event}")

    async def killed_at(event: int, n: int) -> tuple[Any, int]:
        handle = await start(client, n)
        worker = workers.start(handle.id)
        ending = asyncio.create_task(result(handle))
        await reaches(handle, event)
        worker.kill()
        worker.join()
        second = workers.start(handle.id)
        try:
            told, again = await ending, attempts_again(await handle.fetch_history())
            return told, sum(count for name, count in again.items() if name not in TOOLS)
        finally:
            second.kill()

    await asyncio.gather(*(check(event) for event in places(events)))
    assert not outside.moved_twice(), MOVED_TWICE


def places(events: Sequence[HistoryEvent]) -> list[int]:
    """The events at which a run can stand, by number: of those written in one go, the last; never the very last."""
    return [event.event_id for event, following in pairwise(events) if not _is_with_the_last(following)]


def _is_with_the_last(event: HistoryEvent) -> bool:
    about = getattr(event, event.WhichOneof("attributes") or "", None)
    # What a step of the loop has decided is written with the step's end.
    decided = getattr(about, "workflow_task_completed_event_id", 0)
    return bool(decided) or event.event_type in _WITH_THE_LAST


async def reaches(handle: WorkflowHandle[Any, Any], number: int) -> None:
    """Wait until the run's history has an event of this number, or ends."""
    while True:
        with contextlib.suppress(RPCError):  # an answer that came too late
            async for event in handle.fetch_history_events(wait_new_event=True):
                if event.event_id >= number:
                    return
            return
