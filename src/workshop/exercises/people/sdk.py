"""A person in the SDK's loop: its interruptions are decided, round after round, and the run goes on."""

from __future__ import annotations

from collections.abc import Sequence
from types import ModuleType
from typing import Any

from workshop.checks.agent_runs import MODEL_CALL, items_of, text_of
from workshop.checks.bench import Bench, NotYet, describe, need
from workshop.checks.endings import result_of
from workshop.checks.histories import ActivityRun, activity_runs
from workshop.checks.registry import exercise
from workshop.checks.workflows import handle_of, misfit, running_worker, task_queue
from workshop.exercises.documentation import AGENTS_SDK
from workshop.exercises.people.decisions import need_accepted, pending
from workshop.exercises.people.payments import judge_told, need_nothing_paid, open_bank, paid
from workshop.exercises.people.project import activities, project


@exercise(
    proves="Three payments in two rounds were decided by a person, and only the approved ones were paid.",
    hints=(
        "`Runner.run` comes back with interruptions. Could it do so again, after you have decided them?",
        f"`result.interruptions`, `result.to_state()`, `state.approve(item)`, `state.reject(item)`: "
        f"{AGENTS_SDK}/human_in_the_loop/",
        "while result.interruptions:\n    state = result.to_state()\n    for item in result.interruptions:\n"
        "        decision = await self.decision(Call(item.call_id, item.tool_name, item.arguments))\n        ...\n"
        "    result = await Runner.run(agent, state)",
    ),
    timeout=60,
)
async def sdk(bench: Bench) -> str:
    """Two payments in one reply, one of them rejected, then a third one."""
    books = open_bank(bench)
    with project(bench):
        result = await bench.run(_probe_sdk, bench.scope)
    from workshop.exercises.people.scripted_model import DONE

    runs = await activity_runs(await handle_of(bench))
    told = _outputs(runs)
    decided = {"call-1-1": ("Bob", 40), "call-1-2": None, "call-2-1": ("Ana", 7)}
    judge_told(
        told,
        decided,
        "the loop in `run`: `approve`, `reject` with its `rejection_message`, and the new run",
    )
    books.must_show(paid(("Bob", 40), ("Ana", 7)), "the loop in `run`")
    if result != DONE:
        raise NotYet(f"the model's last words as the result: {DONE!r}", describe(result), "the loop in `run`")
    return f"Of the rejected one the model was told: {told['call-1-2']}"


async def _probe_sdk(module: ModuleType, workflow_id: str) -> Any:
    from workshop.exercises.people.scripted_model import scripted_plugin

    defined = need(module, "SdkReliefAgent", type, "a class")
    plugin = scripted_plugin([[["Bob", 40], ["Ana", 5]], [["Ana", 7]]])
    decisions = {"call-1-1": True, "call-1-2": False, "call-2-1": True}
    look = "the loop in `run`"
    async with running_worker(
        plugins=[plugin], workflows=[defined], activities=[activities().pay_relief]
    ) as client:
        handle = await client.start_workflow(
            "SdkReliefAgent", "Pay them.", id=workflow_id, task_queue=task_queue()
        )
        first = True
        while decisions:
            expected = "each payment to wait for a decision, in the next round as in the first"
            try:
                waiting = await pending(handle, list(decisions), look, expected=expected, enough=1)
            except NotYet as error:
                if "Unable to serialize" not in error.got:
                    raise
                got = "what waits cannot be shown to anybody: the item itself, it seems"
                raise NotYet(
                    expected, got, f"{look}: `Call(item.call_id, item.tool_name, item.arguments)`"
                ) from None
            if first:
                await need_nothing_paid(look)
                first = False
            for call in [one for one in waiting if one in decisions]:
                await need_accepted(handle, call, decisions.pop(call), "an answer")
        result = await result_of(handle, look, what="the run, once all payments are decided,")
    if problem := await misfit(handle, defined):
        raise NotYet("a run that replays", problem, look)
    return result


def _outputs(runs: Sequence[ActivityRun]) -> dict[str, str]:
    """What the model was told of its calls, in its last call."""
    calls = [run for run in runs if run.name == MODEL_CALL]
    items = items_of(calls[-1]) if calls else []
    return {item["call_id"]: text_of(item) for item in items if item.get("type") == "function_call_output"}
