"""A transfer that waits for an approval, and whose amount can be changed until then."""

from __future__ import annotations

import contextlib
from collections.abc import Awaitable
from types import ModuleType
from typing import Any

from workshop.checks.bench import Bench, NotYet, need, place_of
from workshop.checks.books import Books
from workshop.checks.endings import beside, result_of
from workshop.checks.exercise import id_of
from workshop.checks.histories import scheduled_activities
from workshop.checks.registry import exercise
from workshop.checks.workflows import need_done, running_worker, task_queue
from workshop.exercises.transfer.transfers import ACTIVITIES, TRANSFER, WORKFLOW

_DOCS = "https://docs.temporal.io/develop/python"


@exercise(
    proves="The amount was changed from outside, wrong amounts left no trace, and the approval released the money.",
    hints=(
        "Which of the three methods must not change anything?",
        f"`@workflow.signal`, `@workflow.update`, and `@change_amount.validator` below it: {_DOCS}/message-passing",
        "@workflow.signal\ndef approve(self) -> None: ...\n\n"
        "@workflow.update\ndef change_amount(self, amount: int) -> int: ...\n\n"
        "@change_amount.validator\ndef validate_amount(self, amount: int) -> None:\n"
        "    if not 1 <= amount <= 100:\n        raise ValueError(...)",
    ),
    timeout=60,
)
async def approval(bench: Bench) -> str:
    """Change the amount, try wrong ones, approve; the right amount moves and the history holds one update."""
    need_done(bench, ACTIVITIES, WORKFLOW)
    books = Books(bench)
    books.open(alice=100, bob=0)
    seen = await bench.run(_probe_approval, bench.scope)
    if seen["changed"] != 100:
        raise NotYet(
            "change_amount(100) to answer 100", f"{seen['changed']}", "`change_amount`: what it returns"
        )
    if seen["accepted"] != 2:
        raise NotYet(
            "a refused update to leave no trace",
            f"the history holds {seen['accepted']} updates where 2 are good: the others were accepted, and failed then",
            "`@change_amount.validator` above a method of its own",
        )
    if seen["status"] != "waiting: 100":
        raise NotYet(
            "the status 'waiting: 100' after the refused changes", f"{seen['status']!r}", "the validator"
        )
    books.must_show(
        [("withdrawal", "alice", 100), ("deposit", "bob", 100)],
        f"`change_amount`, and exercise {id_of(WORKFLOW)}, whose workflow `run` calls",
    )
    return f"The result: {seen['result']}"


async def _probe_approval(module: ModuleType, workflow_id: str) -> dict[str, Any]:
    from temporalio.api.enums.v1 import EventType
    from temporalio.client import WorkflowUpdateFailedError

    from workshop.exercises.transfer.counterparts import deposit, withdraw

    defined = need(module, "ApprovedTransfer", type, "a class")
    _need_handlers(module, defined)
    look = place_of(module)
    async with running_worker(workflows=[defined], activities=[withdraw, deposit]) as client:
        handle = await client.start_workflow(
            "ApprovedTransfer", TRANSFER, id=workflow_id, task_queue=task_queue()
        )

        async def change(amount: int, expected: str) -> Any:
            asked = handle.execute_update("change_amount", amount)
            answer = await beside(handle, asked, look, expected=expected)
            if await scheduled_activities(handle):
                raise NotYet(
                    "no money to move before the approval",
                    "it had moved",
                    "`run`, and what sets `self.approved`",
                )
            return answer

        for amount in (1, 100):
            expected = f"change_amount({amount}) to be accepted"
            try:
                changed = await change(amount, expected)
            except WorkflowUpdateFailedError as error:
                raise NotYet(expected, f"it was refused: {error.cause}", "the validator") from None
        for amount in (0, -5, 101):
            expected = f"change_amount({amount}) to be refused"
            with contextlib.suppress(WorkflowUpdateFailedError):
                await change(amount, expected)
                raise NotYet(expected, "it was accepted", "the validator")
        asked: Awaitable[Any] = handle.query("status")
        status = await beside(handle, asked, look, expected="the query `status` to be answered")
        await handle.signal("approve")
        asked = handle.query("status")
        approved = await beside(handle, asked, look, expected="the query `status` to be answered")
        final = await result_of(
            handle,
            f"{look}: `approve`, and what `run` waits for",
            what="the approved transfer",
            timeout=12 if approved == "approved: 100" else 2,
        )
        accepted = [
            event
            async for event in handle.fetch_history_events()
            if event.event_type == EventType.EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_ACCEPTED
        ]
    return {
        "changed": changed,
        "status": status,
        "result": final,
        "accepted": len(accepted),
    }


def _need_handlers(module: ModuleType, defined: type) -> None:
    definition = getattr(defined, "__temporal_workflow_definition", None)
    for kind, name in (("signals", "approve"), ("updates", "change_amount")):
        if definition is not None and name in getattr(definition, kind):
            continue
        got = "the workflow has none of that name"
        if hasattr(defined, name):
            got = (
                f"`{name}` is none: its decorator is another, or a later method of the same name replaces it"
            )
        raise NotYet(f"the {kind[:-1]} `{name}`", got, place_of(module, getattr(defined, name, None)))
