"""The workflow of a transfer: a withdrawal, then a deposit, then a sentence."""

from __future__ import annotations

import importlib
from types import ModuleType
from typing import Any

from workshop.checks.bench import Bench, NotYet, describe, need, place_of
from workshop.checks.books import Books, moves_so_far, moves_told
from workshop.checks.endings import result_of
from workshop.checks.histories import activity_runs
from workshop.checks.registry import exercise
from workshop.checks.workflows import handle_of, need_activity, need_done, running_worker, task_queue
from workshop.exercises.transfer.transfers import ACTIVITIES, OTHER, TRANSFER

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
    """Two transfers between different accounts: withdraw, then deposit, then a sentence."""
    need_done(bench, ACTIVITIES)
    books = Books(bench)
    books.open(alice=100, bob=0, carol=100, dan=0)
    runs = await bench.run(_probe_workflow, [TRANSFER, OTHER], bench.scope)
    moved, before = books.moved(), 0
    for number, transfer in enumerate((TRANSFER, OTHER)):
        after = runs[number]["moved"]
        await _judge_transfer(bench, number, transfer, moved[before:after])
        before = after
        result = runs[number]["result"]
        if not isinstance(result, str) or not result.strip():
            raise NotYet("a sentence as the result", describe(result), "the `return` of `run`")
    return f"Your workflow's result: {runs[0]['result']}"


async def _judge_transfer(
    bench: Bench, number: int, transfer: dict[str, Any], moved: list[tuple[str, str, int]]
) -> None:
    """One run of the learner's workflow: what it has asked for, in which order, and what has moved."""
    source, target, amount = transfer["source"], transfer["target"], transfer["amount"]
    asked = await activity_runs(await handle_of(bench, f"{bench.scope}-{number}"))
    scheduled = [one.name for one in asked]
    if sorted(scheduled) == ["deposit", "withdraw"] and asked[0].asked_by == asked[1].asked_by:
        raise NotYet(
            "the deposit to begin when the withdrawal is complete",
            "the workflow asked for both at the same time",
            "`run`: await the first before the second is begun",
        )
    if moved != [("withdrawal", source, amount), ("deposit", target, amount)]:
        raise NotYet(
            f"a withdrawal of {amount} from {source}, then a deposit of {amount} to {target}",
            f"the bank's ledger shows {moves_told(moved)}; the history shows the activities {scheduled or 'none'}",
            "the body of `run`",
        )
    if scheduled != ["withdraw", "deposit"]:
        raise NotYet(
            "the activities withdraw and deposit in the history",
            f"{scheduled or 'none'}",
            "the body of `run`",
        )


async def _probe_workflow(
    module: ModuleType, transfers: list[dict[str, Any]], workflow_id: str
) -> list[dict[str, Any]]:
    defined = need(module, "MoneyTransfer", type, "a class")
    # The learner's own activities: importing his workflow has imported them.
    own = importlib.import_module("my.transfer.activities")
    found = [need_activity(own, one) for one in ("withdraw", "deposit")]
    runs = []
    async with running_worker(workflows=[defined], activities=found) as client:
        for number, transfer in enumerate(transfers):
            handle = await client.start_workflow(
                "MoneyTransfer", transfer, id=f"{workflow_id}-{number}", task_queue=task_queue()
            )
            result = await result_of(handle, f"{place_of(module)}: the body of `run`", what="the workflow")
            runs.append({"result": result, "moved": len(await moves_so_far())})
    return runs
