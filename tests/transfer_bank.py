"""A bank whose transfers are workflows; its workers are processes of their own, and are really killed.

They come to be as the processes of a notebook do, but are none of them: a test may see what the lab makes of strangers.
"""

from __future__ import annotations

import contextlib
import os
import threading
import time
import uuid
from datetime import timedelta
from pathlib import Path
from typing import Any

from temporalio.api.enums.v1 import TaskQueueType
from temporalio.api.taskqueue.v1 import TaskQueue
from temporalio.api.workflowservice.v1 import DescribeTaskQueueRequest
from temporalio.client import Client, WorkflowHandle
from temporalio.service import RPCError

from tests.forks import warm_up
from workshop.lab.forking import begin
from workshop.runs.events import event_name

ACTIVITIES = """
import asyncio, pathlib
from temporalio import activity
from temporalio.exceptions import ApplicationError

HERE = pathlib.Path(__file__).parent

@activity.defn
async def withdraw(amount: int) -> str:
    if (HERE / "closed").exists() and activity.info().attempt <= int((HERE / "closed").read_text() or 1000):
        raise ConnectionError("Bank is closed")
    return f"withdrew {amount}"

@activity.defn
async def deposit(amount: int) -> str:
    if amount == 404:
        raise ApplicationError("no such account", type="UnknownAccount", non_retryable=True)
    if (HERE / "slow").exists():
        await asyncio.sleep(60)
    return f"deposited {amount}"
"""

WORKFLOW = """
import asyncio
from datetime import timedelta
from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ApplicationError

with workflow.unsafe.imports_passed_through():
    from my.bank.activities import deposit, withdraw

RETRY = RetryPolicy(initial_interval=timedelta(seconds=0.2), backoff_coefficient=1.0)

@workflow.defn
class MoneyTransfer:
    def __init__(self) -> None:
        self.approved = False

    @workflow.run
    async def run(self, amount: int, how: str = "") -> str:
        if how == "wait":
            await workflow.wait_condition(lambda: self.approved)
        if how == "time":
            await asyncio.sleep(60)
        if how == "pause":
            await asyncio.sleep(1)
        taken = await workflow.execute_activity(
            withdraw, amount, start_to_close_timeout=timedelta(seconds=2), retry_policy=RETRY)
        given = await workflow.execute_activity(
            deposit, amount, start_to_close_timeout=timedelta(seconds=1), retry_policy=RETRY,
            summary="pay it in")
        if how == "again":
            workflow.continue_as_new(args=[amount + 1, ""])
        return f"{taken}, {given}"

    @workflow.signal
    def approve(self) -> None:
        self.approved = True

    @workflow.update
    def limit(self, amount: int) -> int:
        if amount > 1000:
            raise ApplicationError("above what the bank allows")
        return amount

    @limit.validator
    def positive(self, amount: int) -> None:
        if amount < 0:
            raise ValueError("a limit is not negative")

@workflow.defn
class Several:
    @workflow.run
    async def run(self) -> str:
        return "; ".join(await asyncio.gather(*[
            workflow.execute_activity(withdraw, n, start_to_close_timeout=timedelta(seconds=2))
            for n in (1, 2, 3)
        ]))

@workflow.defn
class Office:
    @workflow.run
    async def run(self) -> str:
        return await workflow.execute_child_workflow(MoneyTransfer.run, args=[5, ""])
"""

WORKER = """
import asyncio, sys
from datetime import timedelta
from temporalio.client import Client
from temporalio.worker import Worker
from my.bank import activities, workflow

async def main() -> None:
    client = await Client.connect(sys.argv[1])
    worker = Worker(
        client, task_queue=sys.argv[2],
        workflows=[workflow.MoneyTransfer, workflow.Several, workflow.Office],
        activities=[activities.withdraw, activities.deposit],
        sticky_queue_schedule_to_start_timeout=timedelta(seconds=float(sys.argv[3])))
    async with worker:
        print("ready", flush=True)
        await asyncio.Event().wait()

asyncio.run(main())
"""


class Worker:
    """One worker's process."""

    def __init__(self, folder: Path, number: int, arguments: list[str]) -> None:
        self._log = folder / f"worker-{number}.log"
        # A file that is written twice within a second must not run as it was.
        environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
        warm_up()
        with contextlib.chdir(folder), self._log.open("wb") as log:
            self._body = begin(["my/bank/worker.py", *arguments], environment, log)
        self._ended = threading.Thread(target=self._body.wait, daemon=True)
        self._ended.start()

    def wait_until_ready(self) -> None:
        deadline = time.monotonic() + 60
        while "ready\n" not in (said := self._log.read_text()):
            assert self._ended.is_alive(), said
            assert time.monotonic() < deadline, said
            time.sleep(0.01)

    def end(self, *, in_order: bool) -> None:
        if in_order:
            self._body.interrupt()
            self._ended.join(20)
        self._body.kill()  # SIGKILL
        self._ended.join(20)
        assert not self._ended.is_alive()
        self._body.close()


class Bank:
    """The learner's files in a folder of their own, a task queue of their own, and the workers on it."""

    def __init__(self, folder: Path, address: str) -> None:
        self.folder = folder
        self.code = folder / "my" / "bank"
        self.address = address
        self.queue = f"bank-{uuid.uuid4().hex[:8]}"
        self.workers: list[Worker] = []
        self._started = 0
        self.client: Client
        self.code.mkdir(parents=True)
        (folder / "my" / "__init__.py").touch()
        (self.code / "__init__.py").touch()
        self.write("activities.py", ACTIVITIES)
        self.write("workflow.py", WORKFLOW)
        self.write("worker.py", WORKER)

    def write(self, name: str, text: str) -> None:
        (self.code / name).write_text(text)

    def set(self, name: str, text: str = "") -> None:
        """Set a fault: "closed" (up to and with this attempt, if one is given) or "slow"."""
        (self.code / name).write_text(text)

    def mend(self, name: str) -> None:
        (self.code / name).unlink(missing_ok=True)

    def worker(self, sticky: float = 0.5) -> Worker:
        """Start a worker, and wait until it works.

        Args:
            sticky: Seconds that the server keeps a workflow's next step for it alone.
        """
        self._started += 1
        worker = Worker(self.folder, self._started, [self.address, self.queue, str(sticky)])
        self.workers.append(worker)
        worker.wait_until_ready()
        return worker

    def dismiss(self, worker: Worker) -> None:
        """End a worker in good order: the server hands it nothing any more, and forgets it at once."""
        worker.end(in_order=True)
        self.workers.remove(worker)

    def kill(self, worker: Worker) -> None:
        worker.end(in_order=False)
        self.workers.remove(worker)

    async def connect(self) -> None:
        self.client = await Client.connect(self.address)

    async def pollers(self) -> int:
        """How many workers have asked this bank's queue for workflow tasks lately, dead ones included."""
        queue = TaskQueue(name=self.queue)
        kind = TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW
        asked = DescribeTaskQueueRequest(namespace="default", task_queue=queue, task_queue_type=kind)
        return len((await self.client.workflow_service.describe_task_queue(asked)).pollers)

    def close(self) -> None:
        for worker in list(self.workers):
            self.kill(worker)

    async def start(
        self, *args: Any, kind: str = "MoneyTransfer", task_timeout: float = 2.0
    ) -> WorkflowHandle[Any, Any]:
        return await self.client.start_workflow(
            kind,
            args=list(args),
            id=f"transfer-{uuid.uuid4()}",
            task_queue=self.queue,
            task_timeout=timedelta(seconds=task_timeout),
        )


async def is_running(handle: WorkflowHandle[Any, Any], activity: str) -> bool:
    """Whether an attempt at this activity is under way."""
    described = (await handle.describe()).raw_description
    return any(
        one.activity_type.name == activity and one.HasField("last_started_time")
        for one in described.pending_activities
    )


async def waits(handle: WorkflowHandle[Any, Any]) -> bool:
    """Whether the workflow has done its first step, and nothing is under way."""
    described = (await handle.describe()).raw_description
    return (
        described.workflow_execution_info.history_length >= 4
        and not described.HasField("pending_workflow_task")
        and not described.pending_activities
    )


async def has(handle: WorkflowHandle[Any, Any], event: str) -> bool:
    """Whether the history has an event of this name."""
    try:
        return event in [event_name(one) async for one in handle.fetch_history_events()]
    except RPCError:
        return False
