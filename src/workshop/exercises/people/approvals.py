"""Approvals: what waits for a person is listed, and each call is decided once."""

from __future__ import annotations

import asyncio
import importlib
import json
import os
import re
from collections.abc import Mapping
from types import ModuleType
from typing import Any

from workshop.checks.bench import Bench, NotYet, describe, need, place_of
from workshop.checks.endings import result_of
from workshop.checks.fresh import Fresh
from workshop.checks.registry import exercise
from workshop.checks.workflows import handle_of, running_worker, task_queue
from workshop.exercises.documentation import TEMPORAL
from workshop.exercises.handlers import is_of_type, need_handler, need_unchanged, need_validator
from workshop.exercises.people.decisions import decide, need_accepted, need_refused, need_shown, pending
from workshop.exercises.people.project import project

_DECISION = "`decide`: `Decision(approved, ...)`"


@exercise(
    proves="Four calls were decided once each; a second answer, and an answer for a call that nobody made, were"
    " refused.",
    hints=(
        "Which of the two dictionaries tells whether a call still waits? Which method has to look there first?",
        "`@workflow.query`, `@workflow.update`, and `@decide.validator` with the same parameters: "
        f"{TEMPORAL}/message-passing",
        "@workflow.update\ndef decide(self, call_id: str, approved: bool) -> None:\n    del self.waiting[call_id]\n"
        "    self.decided[call_id] = Decision(approved, ...)\n\n@decide.validator\n"
        "def check_decision(self, call_id: str, approved: bool) -> None:\n    if call_id not in self.waiting:\n"
        "        raise ValueError(...)",
    ),
    timeout=40,
)
async def approvals(bench: Bench) -> str:
    """A workflow of the check's asks for four decisions; one of them is given twice at once."""
    fresh = Fresh(bench.exercise.id)
    asked = {
        f"call-{fresh.word()}": json.dumps({"payee": fresh.name(), "amount": fresh.amount(2, 90)})
        for _ in range(4)
    }
    with project(bench):
        seen: dict[str, Any] = await bench.run(_probe_approvals, asked, bench.scope)
    history = await (await handle_of(bench)).fetch_history()
    accepted = sum(
        one.HasField("workflow_execution_update_accepted_event_attributes") for one in history.events
    )
    if accepted != len(asked):
        raise NotYet(
            "refused answers not to be in the history",
            f"the history holds {accepted} accepted updates for {len(asked)} decisions: "
            "one was accepted at first, and then failed or was dropped",
            "the method marked `@decide.validator`",
        )
    return f"A second answer was told: {seen['refused']}"


async def _probe_approvals(module: ModuleType, asked: dict[str, str], workflow_id: str) -> dict[str, Any]:
    from temporalio.client import Client
    from temporalio.contrib.pydantic import pydantic_data_converter

    defined = need(module, "Approvals", type, "a class")
    query = need_handler(module, defined, "query", "pending")
    validator = need_validator(module, defined, "decide", {"call_id": str, "approved": bool})
    for sent in ("call-1", "call-2", "call-3"):
        half_way = defined()
        half_way.waiting["call-1"] = module.Call("call-1", "pay_relief", "{}")
        half_way.decided["call-2"] = module.Decision(True, "a person said yes")
        need_unchanged(module, half_way, "the query `pending`", query.fn)
        need_unchanged(module, half_way, "the validator of `decide`", validator, sent, True)
    asker = _asker(module)
    one, two, three, four = asked
    # As the lesson's client reads and writes: what it cannot, the lesson's next cell could not.
    client = await Client.connect(os.environ["TEMPORAL_ADDRESS"], data_converter=pydantic_data_converter)
    async with running_worker(client=client, workflows=[asker]):
        handle = await client.start_workflow("Asker", asked, id=workflow_id, task_queue=task_queue())
        await pending(handle, list(asked))
        await need_shown(handle, {key: ("pay_relief", json.loads(value)) for key, value in asked.items()})
        await _need_value_error(handle, "call-nobody", True, "an answer for a call that nobody made")
        await need_accepted(handle, two, True, "a yes for a call that waits")
        left = f"`pending` to list {one}, {three} and {four}, once {two} is decided"
        taken_out = "the update `decide`: `self.waiting`"
        waiting = await pending(handle, [one, three, four], taken_out, expected=left)
        if two in waiting:
            raise NotYet(left, f"it lists {', '.join(waiting)}", taken_out)
        refused = await _need_value_error(handle, two, False, "a second answer for a call that is decided")
        await _need_value_error(handle, two, True, "a second yes for a call that is decided")
        answers = await asyncio.gather(*[decide(handle, three, yes) for yes in (False, True)])
        if answers.count("") != 1:
            got = "both" if not any(answers) else "none"
            raise NotYet("one of two answers that come at once to be accepted", got, "`decide`")
        await need_accepted(handle, one, False, "a no for a call that waits")
        await need_accepted(handle, four, True, "a yes for the last call that waits")
        decided = await _all_decided(handle)
    _judge_decided(decided, {one: False, two: True, three: answers[0] != "", four: True})
    return {"refused": refused}


async def _all_decided(handle: Any) -> Any:
    what = "a workflow whose calls are all decided"
    try:
        return await result_of(handle, _DECISION, what=what, timeout=6)
    except NotYet as problem:
        if "it waits" not in problem.got:
            raise
        got = "it waits: `self.decided` has nothing under the `call_id` of one of them"
        raise NotYet(f"{what} to complete", got, "`decide`: `self.decided[call_id]`") from None


async def _need_value_error(handle: Any, call: str, approved: bool, what: str) -> str:
    refusal = await need_refused(handle, call, approved, what)
    if not is_of_type(refusal.partition(":")[0], ValueError):
        raise NotYet(
            f"{what} to be refused with a ValueError", refusal, "the method marked `@decide.validator`"
        )
    return refusal


def _judge_decided(decided: Mapping[str, list[Any]], expected: Mapping[str, bool]) -> None:
    told = {call: approved for call, (approved, _) in decided.items()}
    if {call: repr(approved) for call, approved in told.items()} != {
        call: repr(approved) for call, approved in expected.items()
    }:
        raise NotYet(
            f"`decision` to return what was answered: {_decisions(expected)}", _decisions(told), _DECISION
        )
    for approved, why in decided.values():
        if not isinstance(why, str) or not why.strip():
            raise NotYet("a few words as the `why` of a decision", describe(why), _DECISION)
        said = {one for one in ("yes", "no") if re.search(rf"\b{one}\b", why, re.IGNORECASE)}
        if said == {"no" if approved else "yes"}:
            answer = "yes" if approved else "no"
            raise NotYet(f"a `why` that fits the answer {answer!r}", repr(why), _DECISION)


def _decisions(decided: Mapping[str, Any]) -> str:
    words = {True: "yes", False: "no"}
    return ", ".join(
        f"{one} {words[yes] if isinstance(yes, bool) else describe(yes)}" for one, yes in decided.items()
    )


def _asker(module: ModuleType) -> Any:
    """The check's workflow on the learner's class."""
    try:
        return importlib.import_module("workshop.exercises.people.asker").Asker
    except (TypeError, ValueError) as error:
        raise NotYet(
            "a class that a workflow can inherit from", f"{type(error).__name__}: {error}", place_of(module)
        ) from None
