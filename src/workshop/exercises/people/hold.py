"""A hold that gives its money back when it is cancelled, and ends as cancelled."""

from __future__ import annotations

import asyncio
import time
from types import ModuleType
from typing import Any

from workshop.checks.bench import Bench, NotYet, need
from workshop.checks.books import Books, moves_told
from workshop.checks.endings import beside, ending_of
from workshop.checks.histories import activity_runs, left_under_way, timers_of
from workshop.checks.registry import exercise
from workshop.checks.workflows import handle_of, running_worker, task_queue
from workshop.exercises.documentation import TEMPORAL
from workshop.exercises.people.payments import open_bank, paid
from workshop.exercises.people.project import activities, project

_CANCELLED, _CLAIMED, _EARLY, _LATE, _REFUSED = 30, 20, 11, 13, 17
"""How much each hold puts aside; in the ledger that tells which one it was."""

_EXCEPT = "`except asyncio.CancelledError`"


@exercise(
    proves="The cancelled hold gave its money back and ended as cancelled; the claimed one was paid out.",
    hints=(
        "What is raised in a workflow that waits, when it is cancelled? Who learns of it if you do not raise it again?",
        f"`try`, `except asyncio.CancelledError`, and `raise`: {TEMPORAL}/cancellation",
        "try:\n    await workflow.wait_condition(lambda: self.claimed)\nexcept asyncio.CancelledError:\n"
        '    await move(deposit, "Fund", amount)\n    raise',
    ),
    timeout=60,
)
async def hold(bench: Bench) -> str:
    """Holds that are cancelled at different moments, one whose money the bank does not take back, and a claimed one."""
    books = open_bank(bench)
    with project(bench):
        ends = await bench.run(_probe_hold, bench.scope)
    runs = await activity_runs(await handle_of(bench, f"{bench.scope}-{_CANCELLED}"))
    _judge_waiting(books, ends, left=left_under_way(runs, "deposit"))
    if timers := await timers_of(await handle_of(bench, f"{bench.scope}-{_CLAIMED}")):
        got = f"a timer of {timers[0]:g} s"
        raise NotYet("a hold that waits for its claim as long as it takes", got, "the wait in `run`")
    _judge_other_moments(books, ends)
    return ""


def _judge_waiting(books: Books, ends: dict[str, str], *, left: str) -> None:
    """Two holds that were cancelled or claimed while they waited; the first may have left its deposit unfinished."""
    out = ("withdrawal", "Fund", _CANCELLED)
    moved = _of(books, _CANCELLED)
    if moved != [out, ("deposit", "Fund", _CANCELLED)]:
        raise NotYet(
            "the money of a cancelled hold to go back to Fund, once, although the bank did not answer at first",
            f"the ledger shows {moves_told(moved)}{left}",
            f"{_EXCEPT}: `await move(...)`" if left else _EXCEPT,
        )
    if (ended := ends[str(_CANCELLED)]) != "cancelled":
        raise NotYet(
            "a cancelled run to end as cancelled",
            f"it ended as {ended}",
            "`raise` after the clean-up: the cancellation itself",
        )
    moved = _of(books, _CLAIMED)
    if ("deposit", "Fund", _CLAIMED) in moved:
        raise NotYet(
            "no money to be given back for a hold that was claimed",
            f"the ledger shows {moves_told(moved)}",
            "the wait in `run`: what is done after it in any case, and what after a cancellation only",
        )
    if moved != paid(("Ana", _CLAIMED)):
        raise NotYet(
            "the money of a claimed hold to go to Ana", f"the ledger shows {moves_told(moved)}", "`run`"
        )


def _judge_other_moments(books: Books, ends: dict[str, str]) -> None:
    moved = [one for one in _of(books, _EARLY) if one[0] == "deposit"]
    if moved:
        raise NotYet(
            "no money to be given back for a hold that was cancelled before any was put aside",
            f"the ledger shows {moves_told(moved)}",
            "the `try`: around the wait, and nothing else",
        )
    moved = _of(books, _LATE)
    if moved != paid(("Ana", _LATE)):
        raise NotYet(
            "no money to be given back for a hold that is cancelled while Ana is being paid",
            f"the ledger shows {moves_told(moved)}",
            "the `try`: around the wait, and nothing else",
        )
    if (ended := ends[str(_REFUSED)]) != "failed":
        raise NotYet(
            "a run whose money the bank does not take back to fail, so that somebody learns of it",
            f"it ended as {ended}",
            f"{_EXCEPT}: how it handles an error of `move`",
        )


def _of(books: Books, amount: int) -> list[tuple[str, str, int]]:
    return [one for one in books.moved() if one[2] == amount]


async def _probe_hold(module: ModuleType, workflow_id: str) -> dict[str, str]:
    from workshop.lab.faults import fault

    defined = need(module, "Hold", type, "a class")
    look = "the wait in `run`"
    ends: dict[str, str] = {}

    async def start(client: Any, amount: int, *, aside: bool = True) -> Any:
        handle = await client.start_workflow(
            "Hold", args=["Ana", amount], id=f"{workflow_id}-{amount}", task_queue=task_queue()
        )
        if aside:
            update = handle.execute_update("wait_until_aside")
            await beside(handle, update, look, expected="money to be put aside, and the run to wait")
        return handle

    async def end(handle: Any, amount: int, what: str) -> None:
        ends[str(amount)] = await ending_of(handle, look, what=what, timeout=12)

    async with running_worker(workflows=[defined], activities=[activities().withdraw, _deposit()]) as client:
        cancelled, claimed, refused, late = [
            await start(client, one) for one in (_CANCELLED, _CLAIMED, _REFUSED, _LATE)
        ]
        await claimed.signal("claim")
        await end(claimed, _CLAIMED, "a run that was claimed")
        with fault("bank", "server_error", calls=1):
            await cancelled.cancel()
            await end(cancelled, _CANCELLED, "a run that was cancelled")
        await refused.cancel()
        await end(refused, _REFUSED, "a run whose money the bank does not take back")
        with fault("bank", "delay", delay=20, when="after") as held:
            await late.signal("claim")
            await beside(late, held.hit(timeout=8), look, expected="Ana to be paid after the claim")
            await late.cancel()
        with fault("bank", "server_error") as down:
            early = await start(client, _EARLY, aside=False)
            await beside(early, down.hit(timeout=8), look, expected="money to be put aside")
            await early.cancel()
            await _until_cancel_requested(early)
        await end(early, _EARLY, "a run that was cancelled before money was put aside")
        await end(late, _LATE, "a run that was cancelled while Ana was being paid")
    return ends


async def _until_cancel_requested(handle: Any) -> None:
    """Wait until a run has given up what it was doing: five seconds at most, for it may never."""
    until = time.monotonic() + 5
    while time.monotonic() < until:
        events = (await handle.fetch_history()).events
        if any(one.HasField("activity_task_cancel_requested_event_attributes") for one in events):
            return
        await asyncio.sleep(0.05)


def _deposit() -> Any:
    """The project's deposit, which refuses one amount for good."""
    from temporalio import activity
    from temporalio.exceptions import ApplicationError

    @activity.defn(name="deposit")
    async def deposit(account: str, amount: int) -> None:
        if amount == _REFUSED:
            raise ApplicationError("The bank refused.", type="BankRefused", non_retryable=True)
        await activities().deposit(account, amount)

    return deposit
