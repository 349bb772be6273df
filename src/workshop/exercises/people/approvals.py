"""Approvals: what waits for a person is listed, and each call is decided once."""

from __future__ import annotations

import asyncio
import importlib
from collections.abc import Mapping
from types import ModuleType
from typing import Any

from workshop.checks.bench import Bench, NotYet, need, place_of
from workshop.checks.endings import result_of
from workshop.checks.registry import exercise
from workshop.checks.workflows import handle_of, running_worker, task_queue
from workshop.exercises.documentation import TEMPORAL
from workshop.exercises.people.decisions import decide, need_accepted, need_refused, pending
from workshop.exercises.people.project import project


@exercise(
    proves="Three calls were decided once each: a second answer, and one for a call that nobody made, were refused.",
    hints=(
        "Which of the two dictionaries tells whether a call still waits? Who has to look there first?",
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
    """A workflow of the check's asks for three decisions; one of them is given twice at once."""
    with project(bench):
        seen: dict[str, Any] = await bench.run(_probe_approvals, bench.scope)
    handle = await handle_of(bench)
    accepted = 0
    async for event in handle.fetch_history_events():
        accepted += event.HasField("workflow_execution_update_accepted_event_attributes")
    if accepted != 3:
        raise NotYet(
            "what is refused not to be in the history",
            f"the history holds {accepted} accepted updates for 3 decisions: it was accepted first, then failed",
            "the method marked `@decide.validator`",
        )
    return f"A second answer was told: {seen['refused']}"


async def _probe_approvals(module: ModuleType, workflow_id: str) -> dict[str, Any]:
    need(module, "Approvals", type, "a class")
    asker = _asker(module)
    definition = asker.__temporal_workflow_definition
    for kind, name in (("queries", "pending"), ("updates", "decide")):
        if name not in getattr(definition, kind):
            what = "query" if kind == "queries" else "update"
            raise NotYet(
                f"the {what} `{name}`", f"`Approvals` has no {what} of that name", f"`@workflow.{what}`"
            )
    if definition.updates["decide"].validator is None:
        raise NotYet("a validator of the update `decide`", "it has none", "`@decide.validator`")
    one, two, three = ids = ["call-1", "call-2", "call-3"]
    async with running_worker(workflows=[asker]) as client:
        handle = await client.start_workflow("Asker", ids, id=workflow_id, task_queue=task_queue())
        await pending(handle, ids)
        await need_refused(handle, "call-9", True, "an answer for a call that nobody made")
        await need_accepted(handle, one, True, "a yes for a call that waits")
        waiting = await pending(handle, [two, three])
        if one in waiting:
            raise NotYet(
                f"`pending` to list {two} and {three}, once {one} is decided",
                f"it lists {', '.join(waiting)}",
                "the update `decide`: `self.waiting`",
            )
        refused = await need_refused(handle, one, False, "a second answer for a call that is decided")
        answers = await asyncio.gather(*[decide(handle, two, yes) for yes in (False, True)])
        if answers.count("") != 1:
            got = "both" if not any(answers) else "none"
            raise NotYet("one of two answers that come at once to be accepted", got, "`decide`")
        await need_accepted(handle, three, False, "a no for a call that waits")
        decided = await result_of(
            handle, "`decide`: `self.decided`", what="a workflow whose calls are all decided"
        )
    expected = {one: True, two: answers[0] != "", three: False}
    if decided != expected:
        raise NotYet(
            f"`decision` to return what was answered: {_decisions(expected)}",
            _decisions(decided),
            "`decide`: `Decision(approved, ...)`",
        )
    return {"refused": refused}


def _decisions(decided: Mapping[str, Any]) -> str:
    return ", ".join(f"{one} {'yes' if yes else 'no'}" for one, yes in decided.items())


def _asker(module: ModuleType) -> Any:
    """The check's workflow on the learner's class."""
    try:
        return importlib.import_module("workshop.exercises.people.asker").Asker
    except (TypeError, ValueError) as error:
        raise NotYet(
            "a class that a workflow can build on", f"{type(error).__name__}: {error}", place_of(module)
        ) from None
