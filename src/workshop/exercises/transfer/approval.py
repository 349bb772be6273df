"""A transfer that waits for an approval, and whose amount can be changed until then."""

from __future__ import annotations

import asyncio
import builtins
import os
from collections.abc import Awaitable
from types import ModuleType
from typing import TYPE_CHECKING, Any

from temporalio.api.enums.v1 import EventType
from temporalio.client import WorkflowUpdateFailedError, WorkflowUpdateStage

from workshop.checks.bench import Bench, NotYet, need, place_of
from workshop.checks.books import Books, moves_told
from workshop.checks.endings import beside, result_of
from workshop.checks.exercise import id_of
from workshop.checks.histories import scheduled_activities
from workshop.checks.registry import exercise
from workshop.checks.workflows import need_done, running_worker, task_queue
from workshop.exercises.transfer.transfers import ACTIVITIES, OTHER, TRANSFER, WORKFLOW

if TYPE_CHECKING:
    from temporalio.client import WorkflowHandle

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
    """Change the amount, also twice at once, try wrong ones, approve, also before the run has begun."""
    need_done(bench, ACTIVITIES, WORKFLOW)
    books = Books(bench)
    books.open(alice=100, bob=0, carol=100, dan=0)
    seen = await bench.run(_probe_approval, bench.scope)
    if seen["accepted"] != seen["good"]:
        raise NotYet(
            "a refused update to leave no trace",
            f"the history holds {seen['accepted']} updates but only {seen['good']} were valid: "
            "the others were accepted and failed afterwards",
            "`@change_amount.validator` above a separate method",
        )
    for who, amount in (("alice bob", _LAST), ("carol dan", _UNCHANGED)):
        source, target = who.split()
        right = [("withdrawal", source, amount), ("deposit", target, amount)]
        if (moved := books.moved(source, target)) != right:
            raise NotYet(
                f"the ledger to show {moves_told(right)}",
                f"it shows {moves_told(moved)}",
                f"`change_amount`, `approve`, and exercise {id_of(WORKFLOW)}, whose workflow `run` calls",
            )
    return f"The result: {seen['result']}"


_LAST = 100
"""The amount that is set last, as the approval comes."""

_REFUSED = (0, -5, 101)

_UNCHANGED = 20
"""That of the transfer whose amount nobody changes, ``OTHER``."""


async def _probe_approval(module: ModuleType, workflow_id: str) -> dict[str, Any]:
    from temporalio.client import Client

    from workshop.exercises.transfer.counterparts import deposit, withdraw

    defined = need(module, "ApprovedTransfer", type, "a class")
    _need_handlers(module, defined)
    look = place_of(module)
    client = await Client.connect(os.environ["TEMPORAL_ADDRESS"])
    early = await client.start_workflow(
        "ApprovedTransfer", OTHER, id=f"{workflow_id}-early", task_queue=task_queue()
    )
    # Before any worker runs, so that both are there when the workflow's code begins.
    for _ in range(2):
        await early.signal("approve")
    async with running_worker(client=client, workflows=[defined], activities=[withdraw, deposit]):
        handle = await client.start_workflow(
            "ApprovedTransfer", TRANSFER, id=workflow_id, task_queue=task_queue()
        )
        good = await _change(module, handle, look)
        asked: Awaitable[Any] = handle.query("status")
        status = await beside(handle, asked, look, expected="the query `status` to be answered")
        if status not in (f"waiting: {good[-1]}", f"waiting: {good[-2]}"):
            refused = str(status) == f"waiting: {_REFUSED[-1]}"
            raise NotYet(
                f"the status 'waiting: {good[-1]}' after the changes that were accepted",
                f"{status!r}" + (", an amount that was refused" if refused else ""),
                "the validator, which must not set anything"
                if refused
                else "`change_amount` sets `self.amount`",
            )
        started = handle.start_update("change_amount", _LAST, wait_for_stage=WorkflowUpdateStage.ACCEPTED)
        await beside(handle, started, look, expected=f"change_amount({_LAST}) to be accepted")
        await handle.signal("approve")
        asked = handle.query("status")
        approved = await beside(handle, asked, look, expected="the query `status` to be answered")
        final = await result_of(
            handle,
            f"{look}: `approve`, and what `run` waits for",
            what="the approved transfer",
            timeout=12 if str(approved).startswith("approved: ") else 2,
        )
        await result_of(
            early,
            f"{look}: `approve`: the signal may arrive at any time, and twice",
            what="a transfer that was approved twice before a worker started it, with its amount unchanged,",
            timeout=5,
        )
        accepted = [
            event
            async for event in handle.fetch_history_events()
            if event.event_type == EventType.EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_ACCEPTED
        ]
    return {"result": final, "accepted": len(accepted), "good": len(good) + 1}


async def _change(module: ModuleType, handle: WorkflowHandle[Any, Any], look: str) -> list[int]:
    """Send good amounts, two of them at once, and bad ones; the good ones, the last one last."""

    async def change(amount: int, expected: str) -> Any:
        asked = handle.execute_update("change_amount", amount)
        answer = await beside(handle, asked, f"{look}: what the update waits for", expected=expected)
        if await scheduled_activities(handle):
            raise NotYet(
                "no money to move before the approval", "it had moved", "`run`, and what sets `self.approved`"
            )
        return answer

    async def accepted(amount: int) -> Any:
        expected = f"change_amount({amount}) to be accepted and answered"
        try:
            return await change(amount, expected)
        except WorkflowUpdateFailedError as error:
            raise NotYet(expected, f"it was refused: {error.cause}", "the validator") from None

    answers = [await accepted(1), await accepted(100), *await asyncio.gather(accepted(40), accepted(60))]
    good = [1, 100, 40, 60]
    for amount, answer in zip(good, answers, strict=True):
        if answer != amount or type(answer) is not int:
            together = ", sent together with another change," if amount in good[2:] else ""
            raise NotYet(
                f"change_amount({amount}){together} to answer {amount}",
                f"{answer!r}",
                "`change_amount`: what it returns, and when",
            )
    for amount in _REFUSED:
        expected = f"change_amount({amount}) to be refused"
        try:
            await change(amount, expected)
        except WorkflowUpdateFailedError as error:
            _need_value_error(module, amount, error)
        else:
            raise NotYet(expected, "it was accepted", "the validator: it refuses by raising a ValueError")
    return good


def _need_value_error(module: ModuleType, amount: int, error: WorkflowUpdateFailedError) -> None:
    name = getattr(error.cause, "type", None) or ""
    kind = getattr(module, name, getattr(builtins, name, None))
    if isinstance(kind, type) and not issubclass(kind, ValueError):
        raise NotYet(f"a ValueError for change_amount({amount})", f"{error.cause}", "the validator's `raise`")


def _need_handlers(module: ModuleType, defined: type) -> None:
    definition = getattr(defined, "__temporal_workflow_definition", None)
    for kind, name in (("signals", "approve"), ("updates", "change_amount")):
        if definition is not None and name in getattr(definition, kind):
            continue
        got = "the workflow has none of that name"
        if hasattr(defined, name):
            got = f"`{name}` is not one: it has another decorator, or a later method of the same name replaces it"
        raise NotYet(f"the {kind[:-1]} `{name}`", got, place_of(module, getattr(defined, name, None)))
    if definition is not None and definition.updates["change_amount"].validator is None:
        raise NotYet(
            "a validator for `change_amount`, which refuses before anything is written into the history",
            "it has none; an update that its own method refuses is already in the history,"
            " and a ValueError there stops the run",
            f"{place_of(module, definition.updates['change_amount'].fn)}: `@change_amount.validator`",
        )
