"""``lab.result``: the result, or why there is none: real server, real worker processes, really killed."""

from __future__ import annotations

from functools import partial

import pytest
from temporalio.client import WorkflowUpdateFailedError
from temporalio.service import RPCError

from tests.transfer_bank import WORKFLOW, Bank, has, waits
from tests.waiting import until
from workshop.errors import LabError
from workshop.lab.no_result import NoResultYet
from workshop.lab.results import WorkflowFailed, answer, result
from workshop.lab.task_retries import retry_task


async def test_the_result_comes_as_it_is_also_after_a_run_that_continued(open_bank: Bank) -> None:
    assert await result(await open_bank.start(100)) == "withdrew 100, deposited 100"
    assert await result(await open_bank.start(1, "again")) == "withdrew 2, deposited 2"


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
    # The server may refuse updates until then: the task has failed several times.
    await retry_task(handle)
    assert await answer(handle, handle.execute_update("limit", 8)) == 8
    await handle.terminate()
    with pytest.raises(RPCError, match="completed"):
        await answer(handle, handle.execute_update("limit", 9))


async def test_the_work_of_a_killed_worker_is_waited_for_where_another_is_there(bank: Bank) -> None:
    first = bank.worker(sticky=3)
    handle = await bank.start(1, "wait")
    await until(lambda: waits(handle))
    bank.kill(first)
    await handle.signal("approve")
    bank.worker()

    async def both_have_asked() -> bool:
        return await bank.pollers() >= 2

    await until(both_have_asked)
    # Temporal hands the step over after 3 seconds; the time allowed alone would be too short.
    assert await result(handle, timeout=1) == "withdrew 1, deposited 1"


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
        await until(partial(waits, handle))
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
    assert await has(handles[0], "WorkflowExecutionCanceled")
