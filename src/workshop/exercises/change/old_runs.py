"""Two runs of the watch as it was: one that has ended, one that sleeps; and whether other code replays them."""

from __future__ import annotations

import asyncio
import importlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from temporalio.client import WorkflowHandle, WorkflowHistory

_FALLS_ASLEEP = 20.0


async def old_runs() -> dict[str, WorkflowHistory]:
    """In the child: the histories of two runs that the course's watch has begun, ``ended`` and ``waits``."""
    double = importlib.import_module("my.change.doubles")
    replies = [double.asks("CA"), double.says("A flood watch.")]
    async with on_stage(*replies, *replies) as (client, Watch):
        ended = await client.start_workflow(Watch.run, ["California"], id="ended", task_queue="test")
        await ended.result()
        waits = await client.start_workflow(Watch.run, ["California", "Texas"], id="waits", task_queue="test")
        await asyncio.wait_for(until_it_sleeps(waits), _FALLS_ASLEEP)
        return {"ended": await ended.fetch_history(), "waits": await waits.fetch_history()}


@asynccontextmanager
async def on_stage(*replies: Any, workflow: type | None = None) -> AsyncIterator[tuple[Any, Any]]:
    """In the child: the lesson's stage, with a client and the watch."""
    Watch = workflow or importlib.import_module("my.change.watch").Watch
    async with importlib.import_module("my.change.stage").stage(*replies, workflow=Watch) as client:
        yield client, Watch


async def until_it_sleeps(handle: WorkflowHandle[Any, Any]) -> None:
    """Wait until a run has started a timer. The server for tests does not tell new events, so it is asked."""
    while True:
        events = (await handle.fetch_history()).events
        if any(event.HasField("timer_started_event_attributes") for event in events):
            return
        await asyncio.sleep(0.05)


async def replays(workflow: type, history: WorkflowHistory) -> bool:
    """In the child: whether this code replays a run, as the lesson's own replay tells it."""
    from temporalio.openai_agents import OpenAIAgentsPlugin
    from temporalio.worker import Replayer

    replayer = Replayer(workflows=[workflow], plugins=[OpenAIAgentsPlugin()])
    replayed = await replayer.replay_workflow(history, raise_on_replay_failure=False)
    return replayed.replay_failure is None


__all__ = ["old_runs", "on_stage", "replays", "until_it_sleeps"]
