"""``lab.approvals``: real updates behind its buttons, on a real server."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest
from temporalio import workflow
from temporalio.client import Client, WorkflowHandle
from temporalio.worker import UnsandboxedWorkflowRunner, Worker

from tests.lab.clerks import hire
from tests.lab.widgets import words_in
from tests.transfer_bank import Bank, waits
from tests.waiting import until
from workshop import lab
from workshop.lab import desk as desks
from workshop.settings import Settings

CALLS = {"call-1": {"payee": "Bob", "amount": 40}, "call-2": {"payee": "<Ana>", "amount": 5}}
BOB, ANA = "pay_relief(payee='Bob', amount=40)", "pay_relief(payee='<Ana>', amount=5)"


@workflow.defn
class Asks:
    """Waits until each of its calls is decided."""

    def __init__(self) -> None:
        self.decided: dict[str, bool] = {}

    @workflow.run
    async def run(self) -> dict[str, bool]:
        await workflow.wait_condition(lambda: len(self.decided) == len(CALLS))
        return self.decided

    @workflow.query
    def pending(self) -> list[dict[str, str]]:
        return [
            {"call_id": one, "name": "pay_relief", "arguments": json.dumps(arguments)}
            for one, arguments in CALLS.items()
            if one not in self.decided
        ]

    @workflow.query
    def nonsense(self) -> list[str]:
        return ["call-1"]

    @workflow.update
    def decide(self, call_id: str, approved: bool) -> None:
        self.decided[call_id] = approved

    @decide.validator
    def once(self, call_id: str, approved: bool) -> None:
        if call_id in self.decided:
            raise ValueError("decided already")


@pytest.fixture
def live(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("WORKSHOP_VIEWS", raising=False)


@pytest.fixture
async def client(services: Settings) -> Client:
    return await Client.connect(services.temporal_address)


@pytest.fixture(autouse=True)
async def no_task_is_left() -> AsyncIterator[None]:
    """Ends the desks of a test."""
    yield
    for task in asyncio.all_tasks():
        if task.get_name() == "approvals":
            task.cancel()


@asynccontextmanager
async def asking(client: Client) -> AsyncIterator[WorkflowHandle[Any, Any]]:
    """A run that asks, and its worker."""
    queue = f"asks-{uuid.uuid4()}"
    async with working(client, queue):
        yield await client.start_workflow(Asks.run, id=queue, task_queue=queue)


def working(client: Client, queue: str) -> Worker:
    """A worker for such a run; its queue is named like it."""
    # Nothing is kept for a worker that is gone.
    patience = timedelta(seconds=1)
    return Worker(
        client,
        task_queue=queue,
        workflows=[Asks],
        workflow_runner=UnsandboxedWorkflowRunner(),
        sticky_queue_schedule_to_start_timeout=patience,
    )


def words(desk: lab.Desk) -> str:
    """All that the widgets of a desk say."""
    assert desk._face is not None
    return words_in(desk._face.root)


async def said(desk: lab.Desk, *texts: str) -> None:
    await until(lambda: all(text in words(desk) for text in texts), told=lambda: words(desk))


async def accepted(handle: WorkflowHandle[Any, Any]) -> int:
    events = [event async for event in handle.fetch_history_events()]
    return sum(event.HasField("workflow_execution_update_accepted_event_attributes") for event in events)


async def test_buttons_send_the_update_and_count_once(client: Client, live: None) -> None:
    async with asking(client) as handle:
        desk = await lab.approvals(handle)
        await said(
            desk, "2 calls wait for a decision.", f"{BOB} waiting", f"{ANA} waiting", "Approve", "Reject"
        )
        yes, no = desk._face.button("call-1", True), desk._face.button("call-1", False)
        assert "Approve pay_relief(payee='Bob'" in yes.tooltip
        for button in (yes, yes, no):
            button.click()
        code = 'await handle.execute_update("decide", args=["call-1", True])'
        await said(desk, f"{BOB} approved", f"Last press: {BOB} was approved.", code, "1 call waits")
        assert code in yes.tooltip
        assert yes.disabled
        assert no.disabled
        no.click()  # from another tab, where it is not disabled yet
        await said(desk, f"Last press, failed: {BOB} is no longer waiting: nothing was sent.")
        desk._face.button("call-2", False).click()
        await said(desk, f"{ANA} was rejected.", 'args=["call-2", False]', "The run has completed")
        assert await handle.result() == {"call-1": True, "call-2": False}
        assert await accepted(handle) == 2
        await until(lambda: desk._task.done())


async def test_what_code_decides_is_shown_too(client: Client, live: None) -> None:
    async with asking(client) as handle:
        desk, other = await lab.approvals(handle), await lab.approvals(handle)
        await handle.execute_update(Asks.decide, args=["call-1", False])
        await said(desk, f"{BOB} no longer waiting", "1 call waits for a decision.")
        # The other desk is asked at the same moment as the workflow: that one refuses.
        other.close()
        other.cases["call-1"].state = "waiting"
        await other.decide("call-1", True)
        assert "Last press, failed: The workflow refused it: ValueError: decided already" in words(other)
        assert await accepted(handle) == 1


async def test_without_a_worker_it_says_so(
    client: Client, live: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with asking(client) as handle:
        desk = await lab.approvals(handle)
    monkeypatch.setattr(desks, "_ANSWER", timedelta(seconds=0.5))
    queue = f"on the task queue {handle.id!r}; start one, and it goes on"
    await said(desk, f"What waits is not known: no worker answers {queue}.")
    yes, no = desk._face.button("call-1", True), desk._face.button("call-1", False)
    yes.click()
    await said(desk, f"Last press: {BOB} is sent, and not decided yet: no worker answers {queue}")
    assert "What waits is not known" in words(desk)
    assert yes.disabled
    no.click()  # from another tab: the yes is on its way, and may have been taken
    with pytest.raises(lab.LabTimeout, match="no worker answers"):
        await lab.approvals(handle, timeout=0.2)
    # Longer than one request: it is sent again, and counts once.
    await asyncio.sleep(1.5)
    async with working(client, handle.id):
        await said(desk, f"Last press: {BOB} was approved.", "1 call waits for a decision.")
        assert await accepted(handle) == 1
        desk._face.button("call-2", False).click()
        assert await handle.result() == {"call-1": True, "call-2": False}


@pytest.mark.skipif(sys.platform == "win32", reason="SIGSTOP")
async def test_a_worker_that_is_there_and_silent_is_not_called_missing(
    hired: Bank, monkeypatch: pytest.MonkeyPatch
) -> None:
    worker = hire(hired)
    handle = await hired.start(1, "wait")
    await until(lambda: waits(handle))
    os.kill(worker.pid, signal.SIGSTOP)
    monkeypatch.setattr(desks, "_ANSWER", timedelta(seconds=0.5))
    desk = desks.Desk(handle, "pending", "decide")
    await desk.look()
    assert desk.problem.startswith(f"its worker is running (pid {worker.pid}) but does not answer")


async def test_without_a_worker_and_with_another_question_open_it_says_so(client: Client) -> None:
    async with asking(client) as handle:
        desk = await lab.approvals(handle)
    await handle.signal("wake up")  # the server keeps a question for the next workflow task, and only one
    other = asyncio.create_task(handle.query(Asks.pending))
    try:
        await asyncio.wait([other], timeout=0.5)
        await desk.look()
        assert desk.problem == f"no worker answers on the task queue {handle.id!r}; start one, and it goes on"
    finally:
        other.cancel()


async def test_stored_it_is_text(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORKSHOP_VIEWS", "static")
    async with asking(client) as handle:
        desk = await lab.approvals(handle)
        assert desk.first().call == BOB
        assert repr(desk) == f"Approvals: 2 calls wait for a decision.\n  {BOB}: waiting\n  {ANA}: waiting"
        stored = desk._repr_mimebundle_()
        assert set(stored) == {"text/plain", "text/html"}
        assert "The buttons appear when you run this cell." in stored["text/html"]
        assert "&lt;Ana&gt;" in stored["text/html"]
        await desk.decide("call-1", True)
        await desk.decide("call-2", True)
        await handle.result()
        await desk.look()
        assert (
            desk.text().splitlines()[0] == "Approvals: The run has completed: nothing waits for a decision."
        )
        assert [case.state for case in desk.cases.values()] == ["approved", "approved"]
        with pytest.raises(lab.LabError, match=r"has not asked for a decision\. It has completed"):
            (await lab.approvals(handle)).first()


async def test_a_run_that_cannot_be_asked_is_named(client: Client, live: None) -> None:
    async with asking(client) as handle:
        with pytest.raises(lab.LabError, match=r"the workflow has no query 'nothing_like_it'"):
            await lab.approvals(handle, query="nothing_like_it", timeout=5)
        with pytest.raises(lab.LabError, match="needs call_id, name and arguments"):
            await lab.approvals(handle, query="nonsense", timeout=5)
    with pytest.raises(lab.LabError, match="not found"):
        await lab.approvals(client.get_workflow_handle("no-such-run"), timeout=5)
