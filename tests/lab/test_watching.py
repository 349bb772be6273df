"""What waiting will not mend is said at once: code that fails, and nobody who works."""

from __future__ import annotations

import asyncio
import re

import pytest

from tests.lab.refused import refused
from tests.transfer_bank import WORKFLOW, Bank, waits
from tests.waiting import until
from workshop.errors import LabError
from workshop.lab.results import result
from workshop.lab.task_retries import retry_task
from workshop.runs.events import event_name


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
        "The code of MoneyTransfer fails each time Temporal tries it again:\n"
        "  NameError: name 'amout' is not defined\n"
        f"  my/bank/workflow.py, line {number}: "
        "withdraw, amout, start_to_close_timeout=timedelta(seconds=2), retry_policy=RETRY)\n"
        "Nothing is lost: correct the file and restart the worker, and the run goes on from here.\n"
        "Then `await lab.retry_task(handle)` tries it again at once."
    )
    assert error.line is not None
    assert error.line.line == number

    # Asked again, it says so again; and once the file is mended, the old failure is not held against it.
    again, took = await refused(handle)
    assert str(again) == str(error)
    assert took < 2.5
    bank.kill(first)
    bank.write("workflow.py", WORKFLOW)
    bank.worker()
    assert await result(handle) == "withdrew 100, deposited 100"


async def test_a_mended_worker_is_not_held_responsible_and_need_not_wait(bank: Bank) -> None:
    bank.write("workflow.py", WORKFLOW.replace("withdraw, amount, start", "withdraw, amout, start"))
    first = bank.worker()
    handle = await bank.start(100, task_timeout=10)
    await refused(handle)
    bank.kill(first)
    with pytest.raises(LabError, match="no workflow task that fails"):
        await retry_task(await bank.start(100))
    bank.write("workflow.py", WORKFLOW)
    bank.worker()

    # Not enough time for the next attempt, which comes ten seconds after the last one: said at once.
    error, took = await refused(handle, timeout=2)
    assert error.reason == "next attempt comes later"
    assert took < 1.5
    head, cause, line, last = str(error).splitlines()
    assert re.fullmatch(r"MoneyTransfer failed \d+ s ago, and a worker has been started since:", head)
    assert cause == "  NameError: name 'amout' is not defined"
    assert line.startswith("  my/bank/workflow.py, line")
    assert re.fullmatch(r"Temporal tries it again within \d+ s; `await lab.retry_task.*", last)

    later = await retry_task(handle)
    assert await result(handle, timeout=5) == await later.result() == "withdrew 100, deposited 100"
    failed = [
        event async for event in later.fetch_history_events() if event_name(event) == "WorkflowTaskFailed"
    ]
    (message,) = [event.workflow_task_failed_event_attributes.failure.message for event in failed]
    assert message.startswith(
        "tried again after NameError: name 'amout' is not defined, in my/bank/workflow.py, line"
    )


async def test_a_workflow_that_no_worker_knows_is_named(open_bank: Bank) -> None:
    handle = await open_bank.start(kind="Transfer")
    error, took = await refused(handle)
    await handle.terminate()  # the worker would try it again and again
    assert error.reason == "workflow code fails"
    assert "Workflow class Transfer is not registered on this worker" in str(error)
    assert took < 2.5


async def test_no_worker_names_the_queue(bank: Bank, tmp_path_factory: pytest.TempPathFactory) -> None:
    empty = Bank(tmp_path_factory.mktemp("empty"), bank.address)
    await empty.connect()
    worker = bank.worker(sticky=10)
    handle = await bank.start(1, "wait")
    await until(lambda: waits(handle))
    bank.kill(worker)
    await handle.signal("approve")
    never, (gone, took) = await asyncio.gather(refused(await empty.start(100)), refused(handle))
    assert never[0].reason == gone.reason == "no worker"
    assert str(never[0]).startswith(f"No worker polls the task queue '{empty.queue}'.\n")
    assert f"No worker takes work from the task queue '{bank.queue}' any more" in str(gone)
    assert 2 < never[1] < 4
    assert 2 < took < 4
