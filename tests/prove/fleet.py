"""The fleet of lesson 9: four workers, two of them killed at a random moment; no answer is lost.

What a kill may repeat are the calls in flight on the killed workers, five slots each: a reply that had arrived and
could not be reported any more. So no call is made again that the server had not given up, for want of a heartbeat.
Where the machine is too slow, it also gives up calls of workers that live; the row then says so. Once with a thousand
agents, and many times with a few.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from temporalio.api.enums.v1 import TimeoutType
from temporalio.client import Client, WorkflowHandle
from temporalio.openai_agents import OpenAIAgentsPlugin

from workshop.settings import Settings

from . import rows
from .scoped import ScopedRun
from .workplace import workplace

AGENTS, MANY, TIMES = 20, 1_000, 20
WORKERS, KILLED, SLOTS = 4, 2, 5
"""As lesson 9's ``fleet_worker.py`` has it: so many activities at once in each worker."""

WAIT = 1_800.0
_CALLS = 2  # of the model, for each agent


@dataclass
class Row(rows.Row):
    """One fleet and what came of it.

    Attributes:
        agents: How many there were.
        killed_after: After how many paid calls of the model two workers were killed.
        lost: Agents without an answer.
        paid: Model calls that were completed.
        repeated: Those of them that were made again.
        given_up: Attempts that the server gave up since no heartbeat came: of killed workers, or of those that were
            too slow.
        seconds: From the first agent's start to the last answer.
    """

    agents: int = 0
    killed_after: int = 0
    lost: int = 0
    paid: int = 0
    repeated: int = 0
    given_up: int = 0
    seconds: float = 0.0


class FleetRun(ScopedRun):
    """One fleet of ``my/fleet``."""

    async def add_workers(self, number: int) -> None:
        """Start workers, and wait until they work."""
        started = [self.begin_process("free_worker.py", "my.fleet.fleet_worker") for _ in range(number)]
        for worker in started:
            await worker.wait_for("ready", 120)

    async def paid(self, calls: int) -> None:
        """Wait until so many calls of the model have been completed."""
        async with asyncio.timeout(WAIT):
            while True:
                if (await asyncio.to_thread(self.gateway.meter)).model.completed >= calls:
                    return
                await asyncio.sleep(0.05)


async def prove_one(run: FleetRun, client: Client, row: Row, chance: random.Random) -> None:
    """One fleet, with two kills at once."""
    await run.add_workers(WORKERS)
    row.killed_after = chance.randrange(1, row.agents * _CALLS * 4 // 5)
    began = time.monotonic()
    agents = [
        await client.start_workflow(
            "Desk",
            f"Check {n}: are there any weather alerts in Texas?",
            id=f"{run.scope}-{n}",
            task_queue="fleet",
        )
        for n in range(row.agents)
    ]
    await run.paid(row.killed_after)
    for worker in chance.sample(run.workers, KILLED):
        await asyncio.to_thread(worker.kill)
    told = await asyncio.wait_for(
        asyncio.gather(*[agent.result() for agent in agents], return_exceptions=True), WAIT
    )
    row.seconds = time.monotonic() - began
    row.lost = sum(not isinstance(answer, str) or not answer for answer in told)
    model = run.gateway.meter().model
    row.paid, row.repeated = model.completed, model.repeats
    needed = row.agents * _CALLS
    row.need(row.lost == 0, f"{row.lost} agents have no answer")
    row.need(row.paid - row.repeated == needed, f"{row.paid - row.repeated} calls were needed, not {needed}")
    if row.repeated:
        row.given_up = await given_up(agents, row)
    row.need(
        row.repeated <= row.given_up,
        f"{row.repeated} calls were made again, and only {row.given_up} had been given up",
    )
    if (slow := row.given_up - KILLED * SLOTS) > 0:
        row.title += f" (slow machine: {slow} given up on living workers, at least)"


async def given_up(agents: Sequence[WorkflowHandle[Any, Any]], row: Row) -> int:
    """How many attempts at a call of the model the server gave up; why it did, must be a missing heartbeat."""
    number = 0
    for agent in agents:
        calls = set()
        async for event in agent.fetch_history_events():
            scheduled = event.activity_task_scheduled_event_attributes
            started = event.activity_task_started_event_attributes
            if scheduled.activity_type.name == "invoke_model_activity":
                calls.add(event.event_id)
            elif started.scheduled_event_id in calls and started.attempt > 1:
                number += started.attempt - 1
                why = started.last_failure
                row.need(
                    why.timeout_failure_info.timeout_type == TimeoutType.TIMEOUT_TYPE_HEARTBEAT,
                    f"a call was made again after: {why.message}",
                )
    return number


async def prove_fleet(settings: Settings, times: int = TIMES, many: int = MANY, seed: int = 9) -> list[Row]:
    """Some small fleets and a large one, one after the other, since they share a queue.

    Args:
        settings: Where the gateway and the Temporal server are; both must run.
        times: How many small fleets.
        many: The agents of the large one; 0 for none.
        seed: Of the moments and the workers.
    """
    client = await Client.connect(settings.temporal_address, plugins=[OpenAIAgentsPlugin()])
    chance = random.Random(seed)
    found = [Row(f"fleet {n}", agents=AGENTS) for n in range(1, times + 1)]
    found += [Row("the large fleet", agents=many)] if many else []
    with workplace("fleet") as folder, contextlib.chdir(folder):
        for row in found:
            run = FleetRun(settings, Path(folder), {}, WAIT)
            with row.noting_errors():
                try:
                    await prove_one(run, client, row, chance)
                finally:
                    await run.close()
    return found


__all__ = ["Row", "prove_fleet"]
