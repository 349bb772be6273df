"""A worker for the learner's saga, ``my/people/saga.py``: a process, for the check kills it.

Run as a script, from the folder that holds ``my``.
"""

from __future__ import annotations

import asyncio
import importlib
import os
from datetime import timedelta

from workshop.checks.workflows import task_queue

# How long a step is kept for a worker that may be dead before any other may take it.
_STICKY = timedelta(seconds=1)


async def main() -> None:
    """Work until killed."""
    from temporalio.client import Client
    from temporalio.worker import Worker

    activities = importlib.import_module("my.people.activities")
    worker = Worker(
        await Client.connect(os.environ["TEMPORAL_ADDRESS"]),
        task_queue=task_queue(),
        workflows=[importlib.import_module("my.people.saga").Payout],
        activities=[activities.withdraw, activities.deposit],
        sticky_queue_schedule_to_start_timeout=_STICKY,
    )
    await worker.run()


if __name__ == "__main__":
    asyncio.run(main())
