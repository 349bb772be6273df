"""The worker of the agents' proof: a lesson's own worker, once for each of several runs, in one process.

``python agent_worker.py MODULE RUNS``. ``MODULE`` is the lesson's worker, such as ``my.sdk_agent.worker``, whose
``main()`` is called for each of the ``RUNS``: JSON, the limits of each (see ``stops.options``; null for none) by
the task queue. So one SIGKILL can hit many runs, each at another place.

What a lesson says once for the whole process is different for each run here: the task queue, and the scope, which
is that of the run to which a call belongs: the id of its workflow.
"""

from __future__ import annotations

import asyncio
import importlib
import json
import os
import sys
from contextvars import ContextVar
from datetime import timedelta
from typing import Any

import httpx2
from openai import AsyncOpenAI
from temporalio import activity
from temporalio.client import Client
from temporalio.worker import Worker

from tests.prove import stops

PATIENCE = timedelta(seconds=10)
"""How long a run that waits for a worker stays as it is: the lessons' two seconds are too short to stop many."""

Limits = dict[str, int] | None

_life: ContextVar[tuple[str, Limits]] = ContextVar("life")


class OneRunsWorker(Worker):
    """Stands for ``Worker`` in the lesson's module: asks for one run's work, and stops where it is told to."""

    expected = 0

    def __init__(self, client: Client, **given: Any) -> None:
        queue, limits = _life.get()
        # Few polls: there are many workers, and little for each of them to ask for.
        polls = {"max_concurrent_activity_task_polls": 1, "max_concurrent_workflow_task_polls": 2}
        given |= {"task_queue": queue, **polls}
        if limits:
            given |= {"sticky_queue_schedule_to_start_timeout": PATIENCE, **stops.options(**limits)}
        super().__init__(client, **given)
        if limits and "halt_at" in limits:
            stops.keep(self)

    async def run(self) -> None:
        OneRunsWorker.expected -= 1
        if not OneRunsWorker.expected:
            print("all of them work", flush=True)
        await super().run()


def send_calls_to_their_runs_scopes() -> None:
    """Have each call of an activity go to the scope that is named like the activity's workflow."""
    send = httpx2.AsyncHTTPTransport.handle_async_request
    process_scope = f"/s/{os.environ['WORKSHOP_SCOPE']}/"

    async def send_to_scope(self: httpx2.AsyncHTTPTransport, request: httpx2.Request) -> httpx2.Response:
        if activity.in_activity():
            path = request.url.raw_path.decode().replace(
                process_scope, f"/s/{activity.info().workflow_id}/", 1
            )
            request.url = request.url.copy_with(raw_path=path.encode())
        return await send(self, request)

    httpx2.AsyncHTTPTransport.handle_async_request = send_to_scope  # type: ignore[method-assign]


async def build_types() -> None:
    """Call the model once, for nothing: on a busy machine a process's first call takes longer than a heartbeat may.

    The client builds its types then, and the event loop stands still.
    """
    async with AsyncOpenAI(max_retries=0) as client:
        await client.responses.create(model="none", input="Hello")


async def main(module: str, runs: dict[str, Limits]) -> None:
    lesson: Any = importlib.import_module(module)
    lesson.Worker = OneRunsWorker
    send_calls_to_their_runs_scopes()
    await build_types()
    OneRunsWorker.expected = len(runs)
    lives = []
    for life in runs.items():
        _life.set(life)
        lives.append(asyncio.create_task(lesson.main()))
    await asyncio.gather(*lives)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], json.loads(sys.argv[2])))
