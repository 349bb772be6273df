"""The workflow of a transfer: a withdrawal, then a deposit, then a sentence."""

from __future__ import annotations

import importlib
from types import ModuleType
from typing import TYPE_CHECKING, Any

from workshop.checks.bench import Bench, NotYet, describe, need, place_of
from workshop.checks.books import Books, moves_so_far, moves_told
from workshop.checks.endings import beside, ending_of, result_of
from workshop.checks.histories import activity_runs, begun, scheduled_activities
from workshop.checks.registry import exercise
from workshop.checks.workflows import handle_of, need_activity, need_done, running_worker, task_queue
from workshop.exercises.transfer.transfers import ACTIVITIES, OTHER, TRANSFER, judge_limits

if TYPE_CHECKING:
    from temporalio.client import WorkflowHandle

_DOCS = "https://docs.temporal.io/develop/python"


@exercise(
    proves="The workflow moved the money through two activities, and the history shows them in that order.",
    hints=(
        "Which two calls did plain.py make, and in which order?",
        "`await workflow.execute_activity(withdraw, args=[...], start_to_close_timeout=TIMEOUT)`: "
        f"{_DOCS}/workflows/basics",
        "await workflow.execute_activity(\n    withdraw, args=[transfer.source, transfer.amount], "
        'start_to_close_timeout=TIMEOUT\n)\n...\nreturn f"moved {transfer.amount} ..."',
    ),
    timeout=60,
)
async def workflow(bench: Bench) -> str:
    """Two transfers between different accounts, a withdrawal that fails, and a transfer that is cancelled."""
    need_done(bench, ACTIVITIES)
    books = Books(bench)
    books.open(alice=100, bob=100, carol=100, dan=100)
    other = OTHER | {"amount": bench.fresh.amount(11, 29)}
    runs = await bench.run(_probe_workflow, [TRANSFER, other], bench.scope)
    moved, before = books.moved(), 0
    for number, transfer in enumerate((TRANSFER, other)):
        after = runs[number]["moved"]
        await _judge_transfer(bench, number, transfer, moved[before:after])
        before = after
        _judge_sentence(runs[number]["result"], transfer)
    await bench.run(_probe_setbacks, TRANSFER, bench.scope)
    return f"Your workflow's result: {runs[0]['result']}"


def _judge_sentence(result: Any, transfer: dict[str, Any]) -> None:
    if not isinstance(result, str) or not result.strip():
        raise NotYet("a sentence as the result", describe(result), "the `return` of `run`")
    if absent := [str(value) for value in transfer.values() if str(value) not in result]:
        raise NotYet(
            "a sentence with the amount and both accounts",
            f"{result!r}, without {' and '.join(absent)}",
            "the `return` of `run`",
        )


async def _judge_transfer(
    bench: Bench, number: int, transfer: dict[str, Any], moved: list[tuple[str, str, int]]
) -> None:
    """One run of the learner's workflow: what it has asked for, in which order, and what has moved."""
    source, target, amount = transfer["source"], transfer["target"], transfer["amount"]
    handle = await handle_of(bench, f"{bench.scope}-{number}")
    asked = await activity_runs(handle)
    scheduled = [one.name for one in asked]
    if sorted(scheduled) == ["deposit", "withdraw"] and asked[0].asked_by == asked[1].asked_by:
        raise NotYet(
            "the deposit to begin when the withdrawal is complete",
            "the workflow asked for both at the same time",
            "`run`: await the first before you start the second",
        )
    over = NotYet(
        "the run to end when the deposit is complete",
        "it ended while the deposit was under way",
        "the body of `run`: an `await` for the deposit",
    )
    if scheduled == ["withdraw", "deposit"] and not asked[1].ended:
        raise over
    if moved != [("withdrawal", source, amount), ("deposit", target, amount)]:
        raise NotYet(
            f"a withdrawal of {amount} from {source}, then a deposit of {amount} to {target}",
            f"the bank's ledger shows {moves_told(moved)}; the history shows the activities {scheduled or 'none'}",
            "the body of `run`",
        )
    if scheduled != ["withdraw", "deposit"]:
        local = "; a local activity leaves none, and runs again if the worker dies soon after"
        raise NotYet(
            "the activities withdraw and deposit in the history",
            f"{scheduled}" if scheduled else f"none{local}",
            "the body of `run`: `workflow.execute_activity`",
        )
    if asked[1].ended != "completed":
        raise over
    for one in asked:
        judge_limits(one)
    await _need_no_timer(handle)


async def _need_no_timer(handle: WorkflowHandle[Any, Any]) -> None:
    """A clock beside an activity gives up what the server still does: the money may have moved, or not."""
    async for event in handle.fetch_history_events():
        if event.HasField("timer_started_event_attributes"):
            seconds = event.timer_started_event_attributes.start_to_fire_timeout.ToTimedelta().total_seconds()
            raise NotYet(
                "a transfer that waits until its activities are complete",
                f"it starts a timer of {seconds:g} s next to them and gives up when the timer fires",
                "the body of `run`: the server retries by itself, so you need no timer of your own",
            )


async def _probe_workflow(
    module: ModuleType, transfers: list[dict[str, Any]], workflow_id: str
) -> list[dict[str, Any]]:
    defined = need(module, "MoneyTransfer", type, "a class")
    # The learner's own activities: importing his workflow has imported them.
    own = importlib.import_module("my.transfer.activities")
    found = [need_activity(own, one) for one in ("withdraw", "deposit")]
    runs = []
    # Nothing is kept in memory, so that each step is a replay, as after a crash.
    async with running_worker(workflows=[defined], activities=found, max_cached_workflows=0) as client:
        for number, transfer in enumerate(transfers):
            handle = await client.start_workflow(
                "MoneyTransfer", transfer, id=f"{workflow_id}-{number}", task_queue=task_queue()
            )
            result = await result_of(handle, f"{place_of(module)}: the body of `run`", what="the workflow")
            runs.append({"result": result, "moved": len(await moves_so_far())})
    return runs


async def _probe_setbacks(module: ModuleType, transfer: dict[str, Any], workflow_id: str) -> None:
    """A withdrawal that fails for good, and a cancellation while the deposit is under way."""
    from workshop.exercises.transfer.counterparts import deposit_scripted, withdraw_scripted

    look = f"{place_of(module)}: the body of `run`"
    async with running_worker(
        workflows=[module.MoneyTransfer], activities=[withdraw_scripted, deposit_scripted]
    ) as client:
        failing, held = [
            await client.start_workflow(
                "MoneyTransfer",
                transfer | {"source": source, "target": target},
                id=f"{workflow_id}-{source}",
                task_queue=task_queue(),
            )
            for source, target in (("poor", "bob"), ("alice", "frank"))
        ]
        status = await ending_of(
            failing, look, what="a transfer whose withdrawal failed for good", timeout=15
        )
        asked = await scheduled_activities(failing)
        if status != "failed" or "deposit" in asked:
            raise NotYet(
                "a transfer whose withdrawal failed for good to fail, without a deposit",
                f"it {'has ' if status == 'failed' else ''}{status}; the history shows the activities {asked}",
                f"{look}: do not catch the error",
            )
        expected = "the deposit to begin"
        await beside(held, begun(held, "deposit"), look, expected=expected)
        await held.cancel()
        status = await ending_of(held, look, what="a transfer that is cancelled", timeout=15)
        if status != "cancelled":
            raise NotYet(
                "a transfer that is cancelled during its deposit to end as cancelled",
                f"it {status}",
                f"{look}: do not catch the error",
            )
