"""Running the agent in a test."""

import asyncio
import uuid
from collections import Counter
from typing import Any

from temporalio.api.enums.v1 import EventType
from temporalio.client import Client, WorkflowHandle, WorkflowHistory

from tests.project import Workflow, argument, drive

PATIENCE = 60.0
"""Seconds after which a run that has not ended is said to be stuck."""


async def start(client: Client, n: int) -> WorkflowHandle[Any, Any]:
    """Start run n on a task queue of its own, which is named like its id."""
    name = f"test-{n}-{uuid.uuid4()}"
    return await client.start_workflow(Workflow.run, argument(n), id=name, task_queue=name)


async def result(handle: WorkflowHandle[Any, Any], patience: float = PATIENCE) -> Any:
    """What the run returns; an error that shows where it is if it returns nothing in time."""
    people = asyncio.create_task(drive(handle))
    try:
        return await asyncio.wait_for(handle.result(), patience)
    except TimeoutError:
        history = await handle.fetch_history()
        last = [EventType.Name(event.event_type).removeprefix("EVENT_TYPE_") for event in history.events[-3:]]
        raise AssertionError(
            f"the run is stuck after {patience:g} s; its last events: {', '.join(last)}"
        ) from None
    finally:
        people.cancel()


def activities(history: WorkflowHistory) -> Counter[str]:
    """How often each activity was scheduled; local activities are not among them."""
    kinds = [event.activity_task_scheduled_event_attributes.activity_type.name for event in history.events]
    return Counter(name for name in kinds if name)


def attempts_again(history: WorkflowHistory) -> int:
    """How many attempts at activities were not the first."""
    started = [event.activity_task_started_event_attributes.attempt for event in history.events]
    return sum(attempt - 1 for attempt in started if attempt > 1)
