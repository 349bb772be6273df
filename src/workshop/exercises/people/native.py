"""A person in the native loop: a payment is an activity that begins when somebody has said yes."""

from __future__ import annotations

import json
from collections.abc import Sequence
from types import ModuleType
from typing import Any

from workshop.checks.bench import Bench, NotYet, need
from workshop.checks.endings import result_of
from workshop.checks.histories import ActivityRun, activity_runs
from workshop.checks.registry import exercise
from workshop.checks.workflows import handle_of, misfit, running_worker, task_queue
from workshop.exercises.documentation import TEMPORAL
from workshop.exercises.numbering import lesson
from workshop.exercises.people.decisions import need_accepted, pending
from workshop.exercises.people.payments import judge_told, need_nothing_paid, open_bank, paid
from workshop.exercises.people.project import activities, project


@exercise(
    proves="Two payments were asked for at once: the approved one was paid once, the rejected one was not.",
    hints=(
        "What does `decision` return, and when? What must not have begun before that?",
        f"`workflow.execute_activity(pay_relief, args=[...], ...)`, as in {lesson('native_agent')}: "
        f"{TEMPORAL}/core-application",
        "decision = await self.decision(call)\nif decision.approved:\n"
        "    output = await workflow.execute_activity(pay_relief, args=[...], ...)\nelse:\n"
        '    output = f"Not paid: {decision.why}."',
    ),
    timeout=40,
)
async def native(bench: Bench) -> str:
    """The model asks for two payments in one reply; nobody answers at first, then one is approved."""
    books = open_bank(bench)
    with project(bench):
        told = await bench.run(_probe_native, bench.scope)
    judge_told(told, {"call-1-1": ("Bob", 40), "call-1-2": None}, "`answer`")
    books.must_show(paid(("Bob", 40)), "`answer`")
    _judge_options(await activity_runs(await handle_of(bench)))
    return f"Of the rejected one the model was told: {told['call-1-2']}"


async def _probe_native(module: ModuleType, workflow_id: str) -> dict[str, Any]:
    from workshop.exercises.people.scripted_model import scripted_model

    defined = need(module, "ReliefAgent", type, "a class")
    what: dict[str, Any] = {"workflows": [defined], "activities": [scripted_model, activities().pay_relief]}
    async with running_worker(**what) as client:
        handle = await client.start_workflow(
            "ReliefAgent", json.dumps([[["Bob", 40], ["Ana", 5]]]), id=workflow_id, task_queue=task_queue()
        )
        await pending(
            handle,
            ["call-1-1", "call-1-2"],
            "`answer`: `await self.decision(call)`",
            expected="the payments to Bob and to Ana to wait for a decision",
        )
        await need_nothing_paid("`answer`: first the decision, then the activity")
        await need_accepted(handle, "call-1-2", False, "a no")
        await need_accepted(handle, "call-1-1", True, "a yes for the other payment")
        result = await result_of(handle, "`answer`", what="the run, once both are decided,")
    if problem := await misfit(handle, defined):
        raise NotYet("a run that replays", problem, "`answer`")
    return dict(json.loads(result))


def _judge_options(runs: Sequence[ActivityRun]) -> None:
    for run in runs:
        if run.name == "pay_relief" and (not run.start_to_close or run.maximum_attempts != 3):
            got = f"{run.start_to_close:g} s, {run.maximum_attempts or 'any number of'} attempts"
            raise NotYet(
                "a payment with `TIMEOUT` and `ATTEMPTS`", got, "`workflow.execute_activity(pay_relief, ...)`"
            )
