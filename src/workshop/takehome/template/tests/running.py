"""Running the agent in a test."""

import asyncio
import uuid
from collections import Counter
from datetime import timedelta
from typing import Any

from temporalio.api.enums.v1 import EventType
from temporalio.client import Client, WorkflowHandle, WorkflowHistory

from tests.project import Workflow, argument, drive

PATIENCE = 60.0
"""Seconds after which a run whose history does not grow is said to be stuck."""

STEP = timedelta(seconds=5)
"""After this long, a step of the loop that died with its worker is given to another one; the default is ten seconds."""


async def start(client: Client, n: int) -> WorkflowHandle[Any, Any]:
    """Start run n on a task queue of its own, which is named like its id."""
    name = f"test-{n}-{uuid.uuid4()}"
    return await client.start_workflow(Workflow.run, argument(n), id=name, task_queue=name, task_timeout=STEP)


async def result(handle: WorkflowHandle[Any, Any], patience: float = PATIENCE) -> Any:
    """What the run returns; an error that shows where it is if its history no longer grows."""
    people = asyncio.create_task(drive(handle))
    ending = asyncio.ensure_future(handle.result())
    before = 0
    try:
        while not (await asyncio.wait([ending], timeout=patience))[0]:
            events = (await handle.fetch_history()).events
            last = [EventType.Name(event.event_type).removeprefix("EVENT_TYPE_") for event in events[-3:]]
            assert len(events) > before, f"the run is stuck at event {len(events)}, after {', '.join(last)}"
            before = len(events)
        return ending.result()
    finally:
        people.cancel()
        ending.cancel()


def activities(history: WorkflowHistory) -> Counter[str]:
    """How often each activity was scheduled; local activities are not among them."""
    kinds = [event.activity_task_scheduled_event_attributes.activity_type.name for event in history.events]
    return Counter(name for name in kinds if name)


def failures(history: WorkflowHistory) -> list[str]:
    """Why activities failed for good."""
    failed = [event.activity_task_failed_event_attributes.failure for event in history.events]
    return [failure.message for failure in failed if failure.message]


def attempts_again(history: WorkflowHistory) -> Counter[str]:
    """How many attempts at each activity were not the first."""
    again: Counter[str] = Counter()
    names = {event.event_id: event.activity_task_scheduled_event_attributes for event in history.events}
    for event in history.events:
        started = event.activity_task_started_event_attributes
        if started.attempt > 1:
            again[names[started.scheduled_event_id].activity_type.name] += started.attempt - 1
    return again
