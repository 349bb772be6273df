"""What a workflow is at when the time is up."""

from __future__ import annotations

import re

from tests.lab.refused import refused
from tests.transfer_bank import WORKER, Bank, is_running
from tests.waiting import until


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
    await until(lambda: is_running(handle, "deposit"))
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
