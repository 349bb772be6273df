"""``lab.result``: the result, or why there is none: real server, real worker processes, really killed."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import AsyncIterator, Iterator
from functools import partial
from pathlib import Path
from types import SimpleNamespace

import pytest
from temporalio.client import WorkflowHandle, WorkflowUpdateFailedError
from temporalio.service import RPCError

from tests.view.test_timeline import _has, _is_running, _waits
from tests.view.workflow_bench import WORKER, WORKFLOW, Bank, until
from workshop.errors import LabError
from workshop.lab import processes, results
from workshop.lab.results import NoResultYet, WorkflowFailed, answer, result
from workshop.settings import Settings


@pytest.fixture
async def bank(services: Settings, tmp_path: Path) -> AsyncIterator[Bank]:
    """A bank that nobody works at."""
    here = Bank(tmp_path, services.temporal_address)
    await here.connect()
    yield here
    here.close()


@pytest.fixture(scope="module")
def staffed(services: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bank]:
    here = Bank(tmp_path_factory.mktemp("bank"), services.temporal_address)
    here.worker()
    yield here
    here.close()


@pytest.fixture
async def open_bank(staffed: Bank) -> Bank:
    """A bank with a worker, shared by the tests that kill none."""
    await staffed.connect()
    return staffed


async def refused(handle: WorkflowHandle[object, object], timeout: float = 10.0) -> tuple[NoResultYet, float]:
    began = time.monotonic()
    with pytest.raises(NoResultYet) as caught:
        await result(handle, timeout=timeout)
    shown = caught.value._render_traceback_()
    assert len("\n".join(shown).splitlines()) <= 6
    return caught.value, time.monotonic() - began


async def test_the_result_comes_as_it_is_also_after_a_run_that_continued(open_bank: Bank) -> None:
    assert await result(await open_bank.start(100)) == "withdrew 100, deposited 100"
    assert await result(await open_bank.start(1, "again")) == "withdrew 2, deposited 2"


async def test_a_typo_is_named_with_its_line_within_a_second_or_so(bank: Bank) -> None:
    wrong = WORKFLOW.replace("withdraw, amount, start", "withdraw, amout, start")
    bank.write("workflow.py", wrong)
    first = bank.worker()
    handle = await bank.start(100)
    error, took = await refused(handle)
    number = wrong.splitlines().index(next(line for line in wrong.splitlines() if "amout" in line)) + 1
    assert took < 2.5
    assert error.reason == "workflow code fails"
    assert str(error) == (
        "The code of MoneyTransfer fails, each time Temporal has it tried again:\n"
        "  NameError: name 'amout' is not defined\n"
        f"  my/bank/workflow.py, line {number}: "
        "withdraw, amout, start_to_close_timeout=timedelta(seconds=2), retry_policy=RETRY)\n"
        "Nothing is lost: correct the file and restart the worker, and it goes on from here."
    )
    assert error.line is not None
    assert error.line.line == number

    # Asked again, it says so again; and once the file is mended, the old failure is not held against it.
    again, took = await refused(handle)
    assert str(again) == str(error)
    assert took < 6
    bank.kill(first)
    bank.write("workflow.py", WORKFLOW)
    bank.worker()
    assert await result(handle) == "withdrew 100, deposited 100"


async def test_a_workflow_that_no_worker_knows_is_named(open_bank: Bank) -> None:
    error, took = await refused(await open_bank.start(kind="Transfer"))
    assert error.reason == "workflow code fails"
    assert "Workflow class Transfer is not registered on this worker" in str(error)
    assert took < 2.5


async def test_no_worker_names_the_queue(bank: Bank, tmp_path_factory: pytest.TempPathFactory) -> None:
    empty = Bank(tmp_path_factory.mktemp("empty"), bank.address)
    await empty.connect()
    worker = bank.worker(sticky=10)
    handle = await bank.start(1, "wait")
    await until(lambda: _waits(handle))
    bank.kill(worker)
    await handle.signal("approve")
    never, (gone, took) = await asyncio.gather(refused(await empty.start(100)), refused(handle))
    assert never[0].reason == gone.reason == "no worker"
    assert str(never[0]).startswith(f"No worker polls the task queue '{empty.queue}'.\n")
    assert f"No worker takes work from the task queue '{bank.queue}' any more" in str(gone)
    assert 2 < never[1] < 4
    assert 2 < took < 4


async def test_the_answer_to_an_update_or_why_there_is_none(bank: Bank) -> None:
    worker = bank.worker()
    handle = await bank.start(1, "wait")
    assert await answer(handle, handle.execute_update("limit", 5)) == 5
    with pytest.raises(WorkflowUpdateFailedError):
        await answer(handle, handle.execute_update("limit", -1))
    bank.kill(worker)
    with pytest.raises(NoResultYet, match="No worker takes work"):
        await answer(handle, handle.execute_update("limit", 6))

    bank.write("workflow.py", WORKFLOW.replace("        return amount\n", "        return amout\n"))
    worker = bank.worker()
    with pytest.raises(NoResultYet, match="name 'amout' is not defined") as caught:
        await answer(handle, handle.execute_update("limit", 7))
    assert caught.value.line is not None
    bank.kill(worker)
    bank.write("workflow.py", WORKFLOW)
    bank.worker()
    assert await answer(handle, handle.execute_update("limit", 8)) == 8
    await handle.terminate()
    with pytest.raises(RPCError, match="completed"):
        await answer(handle, handle.execute_update("limit", 9))


async def test_the_work_of_a_killed_worker_is_waited_for_where_another_is_there(bank: Bank) -> None:
    first = bank.worker(sticky=3)
    handle = await bank.start(1, "wait")
    await until(lambda: _waits(handle))
    bank.kill(first)
    await handle.signal("approve")
    bank.worker()

    async def both_have_asked() -> bool:
        return await bank.pollers() >= 2

    await until(both_have_asked)
    # Temporal hands the step over after 3 seconds; the time allowed alone would be too short.
    assert await result(handle, timeout=1) == "withdrew 1, deposited 1"


async def test_a_retrying_activity_names_its_attempt_cause_and_line(open_bank: Bank) -> None:
    open_bank.set("closed")
    handle = await open_bank.start(100)
    error, took = await refused(handle, timeout=1.0)
    open_bank.mend("closed")
    assert error.reason == "activity is retrying"
    assert "activity withdraw: attempt " in str(error)
    assert "failed: ConnectionError: Bank is closed" in str(error)
    assert 'my/bank/activities.py, line 11: raise ConnectionError("Bank is closed")' in str(error)
    assert took < 2


async def test_an_activity_under_way_and_one_that_no_worker_offers(bank: Bank) -> None:
    bank.set("slow")
    worker = bank.worker()
    handle = await bank.start(100)
    await until(lambda: _is_running(handle, "deposit"))
    error, _ = await refused(handle, timeout=0.3)
    assert error.reason == "activity is running"
    assert "activity deposit: attempt 1 has been running for " in str(error)
    assert "notices after 1 s (start_to_close_timeout)" in str(error)
    await handle.terminate()

    bank.kill(worker)
    bank.mend("slow")
    bank.write("worker.py", WORKER.replace("activities.withdraw, activities.deposit", "activities.deposit"))
    bank.worker()
    error, _ = await refused(await bank.start(1), timeout=1.0)
    assert "Activity function withdraw for workflow" in str(error)
    assert "is not registered on this worker" in str(error)


async def test_waiting_names_the_timer_and_the_messages_it_takes(open_bank: Bank) -> None:
    error, took = await refused(await open_bank.start(1, "time"), timeout=0.8)
    assert error.reason == "waiting"
    # How much of the minute is left depends on how soon the workflow's first step was done.
    assert re.search(r"a timer of 1 min, which fires in (5\d|60) s", str(error))
    error, took = await refused(await open_bank.start(1, "wait"), timeout=0.8)
    assert error.reason == "waiting"
    assert "a message: signal approve, update limit" in str(error)
    assert took < 2


async def test_a_workflow_that_failed_says_why(open_bank: Bank) -> None:
    with pytest.raises(WorkflowFailed) as caught:
        await result(await open_bank.start(404))
    assert caught.value.how == "failed"
    assert str(caught.value) == (
        "MoneyTransfer failed: activity deposit failed: UnknownAccount: no such account\n"
        '  my/bank/activities.py, line 17: raise ApplicationError("no such account", type="UnknownAccount", '
        "non_retryable=True)"
    )
    assert caught.value._render_traceback_()[0].startswith("WorkflowFailed: MoneyTransfer failed")

    handles = [await open_bank.start(1, "wait") for _ in range(2)]
    for handle in handles:
        await until(partial(_waits, handle))
    await handles[0].cancel()
    await handles[1].terminate(reason="enough of it")
    told = []
    for handle in handles:
        with pytest.raises(WorkflowFailed) as caught:
            await result(handle)
        told.append((caught.value.how, str(caught.value)))
    assert told == [
        ("cancelled", "MoneyTransfer was cancelled."),
        ("terminated", "MoneyTransfer was terminated: enough of it."),
    ]
    with pytest.raises(LabError, match="no workflow 'nobody'"):
        await result(open_bank.client.get_workflow_handle("nobody"))
    assert await _has(handles[0], "WorkflowExecutionCanceled")


async def test_the_log_of_a_running_worker_knows_the_latest_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    log = """ready
Failed activation on workflow MoneyTransfer with ID transfer-1 and run ID 5
Traceback (most recent call last):
  File "/venv/lib/python3.11/site-packages/temporalio/worker/_workflow_instance.py", line 534, in activate
    self._run_once(
  File "/home/somebody/my/bank/workflow.py", line 12, in run
    return tken
           ^^^^
NameError: name 'tken' is not defined
Failed activation on workflow MoneyTransfer with ID transfer-2 and run ID 6
"""
    worker = SimpleNamespace(running=True, output=lambda: log)
    monkeypatch.setattr(processes, "_processes", {"worker": worker})
    found = results._from_worker_output("transfer-1")
    assert found is not None
    assert found[0] == "NameError: name 'tken' is not defined"
    assert str(found[1]) == "my/bank/workflow.py, line 12: return tken"
    assert results._from_worker_output("transfer-3") is None
    worker.running = False
    assert results._from_worker_output("transfer-1") is None
