"""What a learner has at hand: which failing code is tried again at once, and which is left alone."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from temporalio import activity, workflow
from temporalio.client import Client, WorkflowHandle
from temporalio.worker import UnsandboxedWorkflowRunner, Worker

from tests.waiting import until
from workshop.exercises.fleet.project import REPORTED_AT_ONCE
from workshop.game import signs
from workshop.game.reach import Reach
from workshop.lab.private_server import TemporalServer
from workshop.lab.task_retries import EVEN_ATTEMPTS
from workshop.settings import Settings

_slow, _paid, _broken, _tries = [True], [0], [True], [0]


@activity.defn
async def pay() -> None:
    _paid[0] += 1


@workflow.defn(sandboxed=False)
class SlowOnce:
    """Healthy code that is too slow for the worker once, as on a busy machine."""

    @workflow.run
    async def run(self) -> None:
        if _slow.pop() if _slow else False:
            time.sleep(3)  # noqa: ASYNC251 - that is the point
        await workflow.execute_activity(pay, start_to_close_timeout=timedelta(seconds=30))


@workflow.defn(sandboxed=False)
class Broken:
    """Code that fails until it is mended."""

    @workflow.run
    async def run(self) -> None:
        _tries[0] += 1
        if _broken[0]:
            raise ValueError("broken")


@pytest.fixture
def server(services: Settings) -> Iterator[str]:
    """The address of a server on which no other test has a run."""
    own = TemporalServer("reach", REPORTED_AT_ONCE)
    yield own.address
    own.kill()


async def begin(client: Client, kind: type) -> WorkflowHandle[object, object]:
    run = kind.__name__
    return await client.start_workflow(run, id=run, task_queue="reach", task_timeout=timedelta(seconds=2))


@pytest.mark.timeout(240)
async def test_code_that_was_only_slow_is_left_alone_and_what_waits_long_is_tried_at_once(
    server: str, tmp_path: Path
) -> None:
    client = await Client.connect(server)
    reach = Reach(tmp_path, server)
    async with Worker(
        client,
        task_queue="reach",
        workflows=[SlowOnce, Broken],
        activities=[pay],
        workflow_runner=UnsandboxedWorkflowRunner(),
    ):
        slow = await begin(client, SlowOnce)

        async def failing() -> bool:
            return "SlowOnce" in await signs.failing(client)

        await until(failing, 60)
        assert await reach.retry() == []
        await asyncio.wait_for(slow.result(), 60)
        assert _paid == [1]

        broken = await begin(client, Broken)

        async def long_wait() -> bool:
            described = (await broken.describe()).raw_description
            attempt = described.pending_workflow_task.attempt
            # What the server has handed out, the worker may not have tried yet: it would see the mended code.
            return EVEN_ATTEMPTS < attempt <= _tries[0]

        await until(long_wait, 90)
        _broken[0] = False
        assert await reach.retry() == ["Broken"]
        await asyncio.wait_for(client.get_workflow_handle("Broken").result(), 60)
