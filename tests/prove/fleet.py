"""The fleet of lesson 9: four workers, two of them killed at a random moment; no answer is lost.

What a kill may repeat are the calls in flight on the killed workers, five slots each: a reply that had arrived and
could not be reported any more. Once with a thousand agents, and many times with a few.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
import time
from dataclasses import dataclass
from pathlib import Path

from temporalio.client import Client
from temporalio.openai_agents import OpenAIAgentsPlugin

from workshop.settings import Settings

from . import rows
from .scoped import ScopedRun
from .workplace import workplace

AGENTS, MANY, TIMES = 20, 1_000, 20
WORKERS, KILLED, SLOTS = 4, 2, 5
"""As lesson 9's ``fleet_worker.py`` has it: so many activities at once in each worker."""

WAIT = 900.0
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
        seconds: From the first agent's start to the last answer.
    """

    agents: int = 0
    killed_after: int = 0
    lost: int = 0
    paid: int = 0
    repeated: int = 0
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
    most = KILLED * SLOTS
    row.need(row.repeated <= most, f"{row.repeated} calls were made again, more than {most} in flight")


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
