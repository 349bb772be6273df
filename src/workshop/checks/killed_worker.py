"""A worker for the learner's own agent, ``my/sdk_agent/own_agent.py``: a process, for the check kills it.

Run as a script, from the folder that holds ``my``.
"""

from __future__ import annotations

import asyncio
import importlib
import os
from collections.abc import Callable, Iterator
from datetime import timedelta
from types import ModuleType
from typing import Any

from workshop.checks.workflows import task_queue

# How long a step is kept for a worker that may be dead before any other may take it.
_STICKY = timedelta(seconds=1)


def own_activities(module: ModuleType) -> list[Callable[..., Any]]:
    """The activities that a module names, alone or in a list."""
    found = [one for one in _values(module) if hasattr(one, "__temporal_activity_definition")]
    return list(dict.fromkeys(found))


def _values(module: ModuleType) -> Iterator[Any]:
    for value in vars(module).values():
        if isinstance(value, list | tuple):
            yield from (one for one in value if callable(one))
        elif callable(value):
            yield value


async def main() -> None:
    """Work until killed."""
    from temporalio.client import Client
    from temporalio.worker import Worker

    from workshop.checks.lesson4_workflows import plugin

    module = importlib.import_module("my.sdk_agent.own_agent")
    client = await Client.connect(os.environ["TEMPORAL_ADDRESS"], plugins=[plugin()])
    worker = Worker(
        client,
        task_queue=task_queue(),
        workflows=[module.OwnAgent],
        activities=own_activities(module),
        sticky_queue_schedule_to_start_timeout=_STICKY,
    )
    await worker.run()


if __name__ == "__main__":
    asyncio.run(main())
