"""A saga: a payout that fails is undone step by step, although its worker is killed in between."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

from workshop.checks.bench import Bench, NotYet, need
from workshop.checks.books import moves_told
from workshop.checks.endings import ending_of, result_of
from workshop.checks.fresh import Fresh
from workshop.checks.histories import ActivityRun, activity_runs, left_under_way, need_times, timers_of
from workshop.checks.registry import exercise
from workshop.checks.workflows import connect, handle_of, running_worker, task_queue
from workshop.errors import LabTimeout
from workshop.exercises.people.payments import open_bank
from workshop.exercises.people.project import activities, project

_LOOK = "the body of `run`"


@exercise(
    proves="A failed payout was undone step by step, although the worker was killed in between, and its caller"
    " learned why.",
    hints=(
        "When a step fails, which steps have to be undone, and which must not be?",
        "A list of what is done, `except ActivityError`, `reversed(...)`, and `raise`: "
        "https://docs.temporal.io/evaluate/use-cases-design-patterns",
        "done = []\ntry:\n    for step in steps:\n        do, _, account, money = step\n        ...\n"
        "        done.append(step)\nexcept ActivityError:\n    for _, undo, account, money in reversed(done):\n"
        "        ...\n    raise",
    ),
    timeout=90,
    note="kills a real worker and waits until another has taken over: 20 seconds at most",
)
async def saga(bench: Bench) -> str:
    """A payout that works; then one whose last step fails, and whose worker is killed while its second is undone."""
    fresh = Fresh(bench.exercise.id)
    one, two = fresh.names(2, "Zoe")
    amount = fresh.amount(5, 30)
    books = open_bank(bench, one, two)
    with project(bench):
        await bench.run(_probe_saga, [amount, [one, two]], bench.scope)
        done = [("withdrawal", "Fund", 2 * amount), ("deposit", one, amount), ("deposit", two, amount)]
        books.must_show(done, "`run`: `await move(...)` for each step")
        _judge_steps(await activity_runs(await handle_of(bench, f"{bench.scope}-paid")), "done")
        await _need_no_timer(bench, f"{bench.scope}-paid")
        books = open_bank(bench, one, two)
        # One of them is paid twice, Zoe has no account, and whoever comes after her is not to be paid at all.
        before = [one, two, one]
        payees = [*before, "Zoe", two]
        why = await _undone(bench, amount, payees)
    whole = len(payees) * amount
    done = [("withdrawal", "Fund", whole), *[("deposit", payee, amount) for payee in before]]
    undone = [("withdrawal", payee, amount) for payee in before[::-1]] + [("deposit", "Fund", whole)]
    moved = books.moved()
    runs = await activity_runs(await handle_of(bench))
    if moved[: len(done)] != done or sorted(moved[len(done) :]) != sorted(undone):
        left = left_under_way(runs, "withdraw", "deposit")
        raise NotYet(
            f"the ledger to show {moves_told([*done, *undone])}",
            f"it shows {moves_told(moved)}{left}" + (f"; the run failed: {why}" if why else ""),
            f"{_LOOK}: `await move(...)`" if left else f"{_LOOK}: what is undone",
        )
    _judge_steps(runs, "undone")
    if (tries := sum("Zoe" in run.input for run in runs)) > 1:
        got = f"Zoe's was tried {tries} times, although the bank had refused it"
        raise NotYet("a step that has failed for good not to be tried again", got, _LOOK)
    await _need_no_timer(bench, bench.scope)
    if moved[len(done) :] != undone:
        raise NotYet(
            "the last step to be undone first", f"the ledger shows {moves_told(moved)}", "`reversed(...)`"
        )
    return f"The run failed: {why}"


def _judge_steps(runs: Sequence[ActivityRun], what: str) -> None:
    if any(one.asked_by >= other.asked_by for one, other in itertools.pairwise(runs)):
        got = "two were begun at the same time: if one fails, the other is still under way"
        raise NotYet(f"the steps to be {what} one after the other", got, f"{_LOOK}: `await move(...)`")
    for run in runs:
        need_times(
            run,
            f"{_LOOK}: `await move(...)`, as `moving.py` has it",
            start_to_close=3.0,
            schedule_to_close=0.0,
            maximum_attempts=0,
            not_retried=("BankRefused",),
        )


async def _need_no_timer(bench: Bench, workflow_id: str) -> None:
    if timers := await timers_of(await handle_of(bench, workflow_id)):
        got = f"a timer of {timers[0]:g} s: then nobody knows whether the money has moved"
        raise NotYet("each step to be waited for until the bank has said yes or no", got, _LOOK)


async def _probe_saga(module: ModuleType, given: list[Any], workflow_id: str) -> None:
    defined = need(module, "Payout", type, "a class")
    async with running_worker(
        workflows=[defined], activities=[activities().withdraw, activities().deposit]
    ) as client:
        handle = await client.start_workflow(
            "Payout", args=given, id=f"{workflow_id}-paid", task_queue=task_queue()
        )
        await result_of(handle, _LOOK, what="a payout to two people who have accounts")


async def _undone(bench: Bench, amount: int, payees: Sequence[str]) -> str:
    """Why the payout failed, once its worker was killed in the midst of undoing."""
    from workshop.lab.results import WorkflowFailed, result

    script = str(Path(__file__).with_name("payout_worker.py"))
    client = await connect(bench)
    expected = "the payout to fail, since Zoe has no account"
    # The bank is asked for the fund and for each payee up to Zoe; then for what is undone, of which the second waits.
    with bench.fault("bank", "delay", delay=60, after=payees.index("Zoe") + 3) as held:
        process = await bench.process(script)
        handle = await client.start_workflow(
            "Payout", args=[amount, list(payees)], id=bench.scope, task_queue=f"check-{bench.scope}"
        )
        undoing = asyncio.ensure_future(held.hit(timeout=20))
        ended = asyncio.ensure_future(ending_of(handle, _LOOK, process=process, timeout=20))
        await asyncio.wait({undoing, ended}, return_when=asyncio.FIRST_COMPLETED)
        early = ended.done()
        with contextlib.suppress(asyncio.CancelledError, LabTimeout):
            # Code that fails in the undo branch is told by this one.
            (ended if early else undoing).result()
        for one in (ended, undoing):
            one.cancel()
        process.kill()
    if not early:
        process = await bench.process(script)
    if (how := await ending_of(handle, _LOOK, what="the payout", process=process, timeout=25)) != "failed":
        got = (
            "it completed, and its caller believes that all were paid" if how == "completed" else f"it {how}"
        )
        raise NotYet(expected, got, "`raise` after undoing")
    try:
        await result(handle, timeout=5)
    except WorkflowFailed as error:
        if "Zoe" not in str(error):
            raise NotYet(expected, f"it failed for another reason: {error}", _LOOK) from None
        return str(error).splitlines()[0].removeprefix("Payout failed: ")
    return ""
