"""Somebody writes again while the agent thinks: the call in flight is given up, and nothing that was said is lost."""

from __future__ import annotations

from types import ModuleType
from typing import Any

from workshop.checks.agent_runs import MODEL_CALL, causes, items_of, said_in, text_of
from workshop.checks.agent_workers import plugin
from workshop.checks.bench import Bench, NotYet, describe, need
from workshop.checks.endings import beside, result_of
from workshop.checks.histories import activity_runs
from workshop.checks.registry import exercise
from workshop.checks.workflows import handle_of, running_worker, task_queue
from workshop.exercises.documentation import TEMPORAL
from workshop.exercises.watch.project import project

_TEXTS = ("What does the river dream of?", "And what does the sea dream of?", "What does the moon dream of?")
_LOOK = "the update `say`"


@exercise(
    proves="The second message interrupted the first: its answer knows both, and the third went on from there.",
    hints=(
        "The first message waits in `say` for an answer. Who can tell it to stop, and what has it to hold for that?",
        "A task is cancelled; who awaits it gets a `CancelledError`, or an `ActivityError` if it was in an activity: "
        f"{TEMPORAL}/cancellation",
        "if self.thinking:\n    self.thinking.cancel()\n"
        "self.thinking = asyncio.ensure_future(Runner.run(DESK, list(self.items)))\n"
        "try:\n    result = await self.thinking\nexcept (asyncio.CancelledError, ActivityError) as error:\n"
        "    if is_cancelled_exception(error):\n        return INTERRUPTED\n    raise\n...",
    ),
    timeout=60,
)
async def interrupted(bench: Bench) -> str:
    """A message whose model call is held, a second one, and when that is answered, a third one."""
    with project(bench):
        answers = await bench.run(_probe_interrupted, bench.scope)
    runs = await activity_runs(await handle_of(bench))
    calls = [run for run in runs if run.name == MODEL_CALL]
    for text, answer, before in ((_TEXTS[1], answers[1], _TEXTS[:1]), (_TEXTS[2], answers[2], _TEXTS[:2])):
        mine = [call for call in calls if text_of(items_of(call)[-1]) == text]
        if len(mine) != 1:
            raise NotYet(f"{text!r} to be asked once", f"it was asked {len(mine)} times", _LOOK)
        sent = [text_of(item) for item in items_of(mine[0])]
        if missing := [said for said in before if said not in sent]:
            got = f"{missing[0]!r} was not sent"
            raise NotYet(
                f"{text!r} to be sent with the whole conversation before it", got, f"{_LOOK}: `self.items`"
            )
        if not isinstance(answer, str) or answer.strip() != said_in(mine[0]).strip():
            raise NotYet(f"the model's answer to {text!r}", describe(answer), f"{_LOOK}: `final_output`")
    if answers[1] not in [text_of(item) for item in items_of(calls[-1])]:
        got = "it was not sent with the next message"
        raise NotYet("an answer to be kept", got, f"{_LOOK}: `self.items = result.to_input_list()`")
    return f"The first was told: {answers[0]}"


async def _probe_interrupted(module: ModuleType, workflow_id: str) -> list[Any]:
    from temporalio.client import WorkflowUpdateFailedError, WorkflowUpdateStage

    from workshop.lab.faults import fault

    defined = need(module, "Desk", type, "a class")
    wanted = need(module, "INTERRUPTED", str, "a text")
    if "say" not in getattr(getattr(defined, "__temporal_workflow_definition", None), "updates", {}):
        raise NotYet("`Desk`, a workflow with the update `say`", describe(defined), _LOOK)
    async with running_worker(plugins=[plugin()], workflows=[defined], activities=[]) as client:
        handle = await client.start_workflow("Desk", id=workflow_id, task_queue=task_queue())

        async def said(update: Any, expected: str) -> Any:
            try:
                return await beside(handle, update, _LOOK, expected=expected, timeout=15)
            except WorkflowUpdateFailedError as error:
                roots = list(causes(error))
                raise NotYet(expected, f"it failed: {type(roots[-1]).__name__}: {roots[-1]}", _LOOK) from None

        with fault("model", "delay", delay=30, calls=1) as held:
            stage = WorkflowUpdateStage.ACCEPTED
            first = await said(
                handle.start_update("say", _TEXTS[0], wait_for_stage=stage), "a message to be taken"
            )
            await said(held.hit(timeout=15), "the model to be asked")
            second = await said(
                handle.execute_update("say", _TEXTS[1]), "the second message to be answered at once"
            )
            told = await said(first.result(), "the first message to be told that it was interrupted")
        if told != wanted:
            raise NotYet(f"the first message to be told {wanted!r}", describe(told), _LOOK)
        third = await said(handle.execute_update("say", _TEXTS[2]), "the third message to be answered")
        await handle.signal("leave")
        await result_of(handle, _LOOK, what="the desk, once it was left,", timeout=10)
    return [told, second, third]
