"""What a fleet of agents costs: agents a second and megabytes a worker, with one, two and four workers.

``python -m benchmarks.fleet`` starts services of its own, prints a table, asserts no times. The fleet's files are those
that lesson 9's solutions write; each agent makes two calls of the model and one of a tool.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import time
import uuid

import psutil
from temporalio.client import Client
from temporalio.openai_agents import OpenAIAgentsPlugin

from benchmarks.durability import private_lab
from benchmarks.long_runs import write_files
from workshop import lab

_PATIENCE = 900.0


async def measure(agents: int) -> None:
    """The same fleet with one, two and four workers."""
    client = await Client.connect(os.environ["TEMPORAL_ADDRESS"], plugins=[OpenAIAgentsPlugin()])
    print(f"{agents} agents\n\n{'workers':>8}{'agents/s':>10}{'MB a worker':>13}{'calls repeated':>16}")
    for number in (1, 2, 4):
        crew = [
            lab.process("my/fleet/fleet_worker.py", name=f"worker {n}", ready="ready", timeout=60)
            for n in range(number)
        ]
        lab.reset_meter()
        began = time.perf_counter()
        runs = [
            await client.start_workflow(
                "Desk",
                f"Check {n}: are there any weather alerts in Texas?",
                id=f"agent-{uuid.uuid4()}",
                task_queue="fleet",
            )
            for n in range(agents)
        ]
        await asyncio.wait_for(asyncio.gather(*[run.result() for run in runs]), _PATIENCE)
        seconds = time.perf_counter() - began
        # Its own memory: what it shares with the process that it was forked from is there once.
        memory = sum(psutil.Process(one.pid).memory_full_info().uss for one in crew) / number / 2**20
        repeats = lab.meter().model.repeats
        print(f"{number:>8}{agents / seconds:>10.1f}{memory:>13.0f}{repeats:>16}")
        for one in crew:
            one.kill()


def main() -> None:
    """Measure, print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.fleet", description=__doc__)
    parser.add_argument("--agents", type=int, default=200)
    chosen = parser.parse_args()
    with private_lab():
        write_files("fleet")
        asyncio.run(measure(chosen.agents))


if __name__ == "__main__":
    main()
