"""The worker of the transfer's proof: the solution's transfer, which can be stopped exactly between two events.

``python worker.py MODULE [LIMITS]``. ``MODULE`` is where the activities come from: ``safe_activities`` or
``activities``. ``LIMITS`` is JSON, for ``stops.options``; without it, this is a worker like any other.
"""

from __future__ import annotations

import asyncio
import importlib
import json
import sys
from datetime import timedelta

from temporalio.client import Client
from temporalio.envconfig import ClientConfig
from temporalio.worker import Worker

from tests.prove import stops

# A task goes first to the worker that has the run in memory. When that one is dead, this is lost time.
STICKY = timedelta(seconds=1)


async def main() -> None:
    shared, workflow, activities = (
        importlib.import_module(f"my.transfer.{name}") for name in ("shared", "workflow", sys.argv[1])
    )
    limits: dict[str, int] = json.loads(sys.argv[2]) if len(sys.argv) > 2 else {}
    worker = Worker(
        await Client.connect(**ClientConfig.load_client_connect_config()),
        task_queue=shared.TASK_QUEUE,
        workflows=[workflow.MoneyTransfer],
        activities=[activities.withdraw, activities.deposit],
        sticky_queue_schedule_to_start_timeout=STICKY,
        **(stops.options(**limits) if limits else {}),
    )
    if "halt_at" in limits:
        stops.keep(worker)
    async with worker:
        print("ready", flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main())
