"""A person in the native loop: a payment is an activity that begins when somebody has said yes."""

from __future__ import annotations

import importlib
import json
from collections.abc import Sequence
from types import ModuleType
from typing import Any

from workshop.checks.bench import Bench, NotYet, need
from workshop.checks.endings import ending_of, result_of
from workshop.checks.fresh import Fresh
from workshop.checks.histories import ActivityRun, activity_runs, need_times, timers_of
from workshop.checks.outcomes import shorten
from workshop.checks.registry import exercise
from workshop.checks.workflows import handle_of, running_worker, task_queue
from workshop.exercises.documentation import TEMPORAL
from workshop.exercises.numbering import lesson
from workshop.exercises.people.decisions import need_accepted, need_once, need_shown, pending
from workshop.exercises.people.payments import judge_told, need_nothing_paid, open_bank, paid
from workshop.exercises.people.project import activities, project

_PAYING = "`workflow.execute_activity(pay_relief, ...)`"


@exercise(
    proves="Each payment waited for a person: the approved ones were paid once, the rejected ones were not.",
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
    """Three payments in one reply, two of them to one person, then a fourth; and one that the bank refuses."""
    fresh = Fresh(bench.exercise.id)
    one, two = fresh.names(2)
    rounds = [
        [[one, fresh.amount(20, 60)], [two, 1], [one, fresh.amount(3, 9)]],
        [[one, fresh.amount(10, 19)]],
    ]
    books = open_bank(bench, one, two)
    odd = [(one, fresh.amount(61, 69)), (two, fresh.amount(70, 79))]
    with project(bench):
        told, ended, failure = await bench.run(_probe_native, rounds, bench.scope)
        of_odd_words = await bench.run(_probe_odd_words, [odd], f"{bench.scope}-words")
    yes: Any = {"call-1-1": tuple(rounds[0][0])}
    judge_told(told, {**yes, "call-1-2": None, "call-1-3": None, "call-2-1": None}, "`answer`")
    for call, (payee, amount) in zip(("call-1-1", "call-1-2"), odd, strict=True):
        if (f"Paid {amount} to {payee}." in of_odd_words[call]) != (call == "call-1-1"):
            raise NotYet(
                "`approved` to tell whether to pay, whatever the `why` says",
                f"for approved={call == 'call-1-1'} the model was told {of_odd_words[call]!r}",
                "`answer`: `decision.approved`",
            )
    books.must_show([*paid(yes["call-1-1"]), ("withdrawal", "Fund", 2), *paid(odd[0])], "`answer`")
    handle = await handle_of(bench)
    _judge_options(await activity_runs(handle))
    if timers := await timers_of(handle):
        got = f"the run sets a timer of {timers[0]:g} s"
        raise NotYet("a payment that waits as long as a person needs", got, "`answer`")
    _judge_wait(await activity_runs(await handle_of(bench, f"{bench.scope}-refused")))
    if ended != "failed":
        got = f"it ended as {ended}" + (
            f": the model was told {shorten(str(failure), 120)!r}" if failure else ""
        )
        raise NotYet("a run whose payment failed for good to fail", got, "`answer`: how it handles an error")
    return f"Of a rejected one the model was told: {told['call-1-2']}"


async def _probe_native(module: ModuleType, rounds: list[Any], workflow_id: str) -> list[Any]:
    from workshop.exercises.people.scripted_model import scripted_model

    defined = need(module, "ReliefAgent", type, "a class")
    what: dict[str, Any] = {"workflows": [defined], "activities": [scripted_model, activities().pay_relief]}
    look = "`answer`: `await self.decision(call)`"
    async with running_worker(**what) as client:

        async def start(asked: list[Any], suffix: str = "") -> Any:
            return await client.start_workflow(
                "ReliefAgent", json.dumps(asked), id=f"{workflow_id}{suffix}", task_queue=task_queue()
            )

        handle = await start(rounds)
        first = ["call-1-1", "call-1-2", "call-1-3"]
        expected = f"the {len(first)} payments to wait for a decision, each under its `call_id`"
        await pending(handle, first, look, expected=expected)
        await need_nothing_paid("`answer`: first the decision, then the activity")
        shown = {
            call: ("pay_relief", {"payee": payee, "amount": amount})
            for call, (payee, amount) in zip(first, rounds[0], strict=True)
        }
        await need_shown(handle, shown)
        await need_accepted(handle, "call-1-2", False, "a no")
        await need_accepted(handle, "call-1-1", True, "a yes for another payment")
        await need_accepted(handle, "call-1-3", False, "a no for a second payment to the same person")
        expected = "a later payment to the same person to wait for its own decision"
        once = "`answer`: `await self.decision(call)`, once for each call"
        waiting = await pending(handle, ["call-2-1"], once, expected=expected, decided=first)
        need_once(waiting, ["call-2-1"], once)
        await need_accepted(handle, "call-2-1", False, "a no")
        result = await result_of(handle, "`answer`", what="the run, once all are decided,")
        refused = await start([[["Zoe", 2]]], "-refused")
        await pending(refused, ["call-1-1"], look, expected="the payment to wait for a decision")
        await need_accepted(refused, "call-1-1", True, "a yes")
        ended = await ending_of(refused, "`answer`", what="a run whose payment the bank refuses")
        failure = await refused.result() if ended == "completed" else ""
    return [dict(json.loads(result)), ended, failure]


async def _probe_odd_words(_module: ModuleType, rounds: list[Any], workflow_id: str) -> dict[str, str]:
    """In the child: what the model is told of two payments, decided in words that fit neither a yes nor a no."""
    from workshop.exercises.people.scripted_model import scripted_model

    defined = importlib.import_module("workshop.exercises.people.odd_words").OddWords
    what: dict[str, Any] = {"workflows": [defined], "activities": [scripted_model, activities().pay_relief]}
    async with running_worker(**what) as client:
        handle = await client.start_workflow(
            "OddWords", json.dumps(rounds), id=workflow_id, task_queue=task_queue()
        )
        told = json.loads(
            await result_of(handle, "`answer`", what="a run whose payments are decided at once")
        )
    return {call: str(output) for call, output in told.items()}


def _judge_wait(runs: Sequence[ActivityRun]) -> None:
    """Of a single payment: whoever has awaited it asks the model in a later step of the workflow."""
    asked = {run.asked_by for run in runs if run.name == "call_model"}
    if any(run.name == "pay_relief" and run.asked_by in asked for run in runs):
        raise NotYet(
            "a payment to be over before the model is told of it",
            "the model was asked while the payment was under way: it was begun, and nothing awaits it",
            f"`output = await {_PAYING.strip('`')}`",
        )


def _judge_options(runs: Sequence[ActivityRun]) -> None:
    for run in runs:
        if run.name == "pay_relief":
            need_times(
                run,
                f"{_PAYING}: `start_to_close_timeout=TIMEOUT`, `retry_policy=ATTEMPTS`",
                start_to_close=15.0,
                schedule_to_close=0.0,
                maximum_attempts=3,
                not_retried=("BankRefused",),
            )
