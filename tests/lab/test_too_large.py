"""A payload over the limit: said at once, with its size, the limit, and where that stands."""

from __future__ import annotations

from tests.lab.clerks import hire
from tests.lab.refused import refused
from tests.transfer_bank import ACTIVITIES, WORKFLOW, Bank
from workshop.lab.results import result
from workshop.lab.task_retries import retry_task

_RETURNS_MUCH = ACTIVITIES.replace('return f"deposited {amount}"', 'return "x" * 3_000_000')
_SENDS_MUCH = WORKFLOW.replace("withdraw, amount, start", 'withdraw, "x" * 2_500_000, start')


async def test_what_an_activity_returns(hired: Bank) -> None:
    hired.write("activities.py", _RETURNS_MUCH)
    worker = hire(hired)
    handle = await hired.start(100)
    error, took = await refused(handle, timeout=30)
    assert took < 5
    assert error.reason == "too large"
    head, size, advice = str(error).splitlines()
    assert head == "MoneyTransfer cannot go on: what the activity deposit returns is too large for Temporal."
    assert size.startswith("  3,000,0")
    assert size.endswith("bytes (2.9 MB); one value may have 2,097,152 (2 MB). The log of clerk says so.")
    assert "let deposit return less" in advice

    # A worker that has come since has not been tried: its activity is waited for.
    hired.write("activities.py", ACTIVITIES)
    worker.restart()
    assert await result(handle, timeout=20) == "withdrew 100, deposited 100"


async def test_what_a_workflow_sends(hired: Bank) -> None:
    hired.write("workflow.py", _SENDS_MUCH)
    worker = hire(hired)
    handle = await hired.start(100)
    error, took = await refused(handle, timeout=30)
    assert took < 5
    assert error.reason == "too large"
    head, size, *_ = str(error).splitlines()
    assert head == "MoneyTransfer cannot go on: the input of an activity is too large for Temporal."
    assert (
        size == "  2,500,036 bytes (2.4 MB); one value may have 2,097,152 (2 MB). The log of clerk says so."
    )

    hired.write("workflow.py", WORKFLOW)
    worker.restart()
    await retry_task(handle)
    assert await result(handle) == "withdrew 100, deposited 100"


async def test_where_the_log_is_not_at_hand(bank: Bank) -> None:
    bank.write("activities.py", _RETURNS_MUCH)
    bank.worker()
    error, _ = await refused(await bank.start(100), timeout=30)
    assert "The log of its worker says how large it is" in str(error)
