"""A person in the SDK's loop: its interruptions are decided, round after round, and the run goes on."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from types import ModuleType
from typing import Any

from workshop.checks.agent_runs import MODEL_CALL, items_of, text_of
from workshop.checks.bench import Bench, NotYet, describe, need
from workshop.checks.endings import result_of
from workshop.checks.fresh import Fresh
from workshop.checks.histories import ActivityRun, activity_runs
from workshop.checks.registry import exercise
from workshop.checks.workflows import handle_of, running_worker, task_queue
from workshop.exercises.documentation import AGENTS_SDK
from workshop.exercises.people.decisions import need_accepted, need_once, need_shown, pending
from workshop.exercises.people.payments import judge_told, need_nothing_paid, open_bank, paid
from workshop.exercises.people.project import activities, project

_LOOK = "the loop in `run`"


@exercise(
    proves="Five payments in three rounds were decided by a person, and only the approved ones were paid.",
    hints=(
        "`Runner.run` returns with interruptions. Can that happen again after you have decided them?",
        "`result.interruptions`, `result.to_state()`, `state.approve(item)`, "
        f"`state.reject(item, rejection_message=...)`: {AGENTS_SDK}/human_in_the_loop/",
        "while result.interruptions:\n    state = result.to_state()\n    for item in result.interruptions:\n"
        "        decision = await self.decision(Call(item.call_id, item.tool_name, item.arguments))\n        ...\n"
        "    result = await Runner.run(agent, state)",
    ),
    timeout=60,
)
async def sdk(bench: Bench) -> str:
    """Three payments in one reply, two of them rejected; then one that is approved, and a last one that is not."""
    fresh = Fresh(bench.exercise.id)
    one, two = fresh.names(2)
    rounds = [
        [[one, fresh.amount(20, 60)], [two, fresh.amount(2, 60)], [one, fresh.amount(2, 60)]],
        [[two, fresh.amount(2, 60)]],
        [[one, fresh.amount(2, 60)]],
    ]
    yes: Any = {"call-1-1": tuple(rounds[0][0]), "call-2-1": tuple(rounds[1][0])}
    books = open_bank(bench, one, two)
    with project(bench):
        result = await bench.run(_probe_sdk, rounds, bench.scope)
    from workshop.exercises.people.scripted_model import DONE

    told = _outputs(await activity_runs(await handle_of(bench)))
    look = f"{_LOOK}: `approve`, `reject` with its `rejection_message`, and the new run"
    judge_told(told, {"call-1-2": None, "call-1-3": None, "call-3-1": None, **yes}, look)
    books.must_show(paid(*yes.values()), _LOOK)
    if result != DONE:
        raise NotYet(f"the model's final answer as the result: {DONE!r}", describe(result), _LOOK)
    return f"Of a rejected one the model was told: {told['call-1-2']}"


async def _probe_sdk(module: ModuleType, rounds: list[Any], workflow_id: str) -> Any:
    from workshop.exercises.people.scripted_model import call_id, scripted_plugin

    defined = need(module, "SdkReliefAgent", type, "a class")
    shown = {
        call_id(n, place): ("pay_relief", {"payee": payee, "amount": amount})
        for n, payments in enumerate(rounds)
        for place, (payee, amount) in enumerate(payments)
    }
    decisions = {call: call in ("call-1-1", "call-2-1") for call in shown}
    with _noting_always() as always:
        try:
            async with running_worker(
                plugins=[scripted_plugin(rounds)], workflows=[defined], activities=[activities().pay_relief]
            ) as client:
                handle = await client.start_workflow(
                    "SdkReliefAgent", "Pay them.", id=workflow_id, task_queue=task_queue()
                )
                await _decide_all(handle, decisions, shown)
                return await result_of(handle, _LOOK, what="the run, once all payments are decided,")
        except NotYet:
            if always:
                raise always[0] from None
            raise


async def _decide_all(handle: Any, decisions: dict[str, bool], shown: dict[str, Any]) -> None:
    """Answer each call as soon as it waits."""
    while decisions:
        first = any(call.startswith("call-1-") for call in decisions)
        expected = "each payment to wait for a decision under its `call_id`" + (
            "" if first else ", in later rounds too"
        )
        try:
            waiting = await pending(handle, list(decisions), _LOOK, expected=expected, enough=1)
        except NotYet as error:
            if "Unable to serialize" not in error.got:
                raise
            got = "the waiting call cannot be shown to anybody: it seems to be the item itself"
            look = f"{_LOOK}: `Call(item.call_id, item.tool_name, item.arguments)`"
            raise NotYet(expected, got, look) from None
        # A state of its own for each interruption keeps the last decision alone: the SDK asks for the others again.
        need_once(
            waiting,
            list(decisions),
            f"{_LOOK}: `result.to_state()` once for all interruptions, `self.decision` once for each",
        )
        await need_shown(handle, shown)
        if first:
            await need_nothing_paid(
                f"{_LOOK}: first decide all interruptions of a result, then continue the run"
            )
        for call in [one for one in waiting if one in decisions]:
            await need_accepted(handle, call, decisions.pop(call), "an answer")


@contextlib.contextmanager
def _noting_always() -> Iterator[list[NotYet]]:
    """Note decisions that are made to count for all later calls as well."""
    from agents.run_state import RunState

    noted: list[NotYet] = []
    real: dict[str, Any] = {"approve": RunState.approve, "reject": RunState.reject}

    # The parameters have the SDK's names: a learner may pass each of them by name.
    def approve(state: Any, approval_item: Any, always_approve: Any = False, **more: Any) -> None:
        if always_approve:
            got = "`always_approve`: every later payment is approved without asking"
            noted.append(
                NotYet("an approval to count for one payment only", got, f"{_LOOK}: `state.approve(item)`")
            )
        real["approve"](state, approval_item, always_approve, **more)

    def reject(state: Any, approval_item: Any, always_reject: Any = False, **more: Any) -> None:
        if always_reject:
            got = "`always_reject`, the second parameter: every later payment is rejected without asking"
            if isinstance(always_reject, str):
                got += f", and {always_reject!r} is not a message"
            look = f"{_LOOK}: `state.reject(item, rejection_message=...)`"
            noted.append(NotYet("a rejection to count for one payment only, with its `why`", got, look))
        real["reject"](state, approval_item, always_reject, **more)

    try:
        for name, watched in (("approve", approve), ("reject", reject)):
            setattr(RunState, name, watched)
        yield noted
    finally:
        for name, own in real.items():
            setattr(RunState, name, own)


def _outputs(runs: Sequence[ActivityRun]) -> dict[str, str]:
    """What the model was told of its calls, in its last call."""
    calls = [run for run in runs if run.name == MODEL_CALL]
    items = items_of(calls[-1]) if calls else []
    return {item["call_id"]: text_of(item) for item in items if item.get("type") == "function_call_output"}
