"""A worker on the learner's workflows that a check starts as a process of its own, in order to kill it."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from .workflows import task_queue

READY = "ready"
"""What it prints when it has read the learner's file, which takes long on a busy machine."""

# How long a step is kept for a worker that may be dead before any other may take it.
_STICKY = timedelta(seconds=1)


async def work_until_killed(
    *, workflows: Sequence[type], activities: Sequence[Any], plugins: Sequence[Any] = ()
) -> None:
    """Work on this check's queue; another such process takes over soon after this one is killed.

    Args:
        workflows: The worker's.
        activities: The worker's.
        plugins: The client's; the worker inherits them.
    """
    from temporalio.client import Client
    from temporalio.worker import Worker

    worker = Worker(
        await Client.connect(os.environ["TEMPORAL_ADDRESS"], plugins=plugins),
        task_queue=task_queue(),
        workflows=workflows,
        activities=activities,
        sticky_queue_schedule_to_start_timeout=_STICKY,
    )
    print(READY, flush=True)
    await worker.run()
