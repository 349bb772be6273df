"""A chat as a workflow: messages that come while no worker runs are answered once, in order."""

from __future__ import annotations

import asyncio
import contextlib
from types import ModuleType
from typing import Any

from workshop.checks.agent_workers import plugin
from workshop.checks.bench import Bench, NotYet, describe
from workshop.checks.endings import beside, result_of
from workshop.checks.fresh import Fresh
from workshop.checks.histories import activity_runs
from workshop.checks.registry import exercise
from workshop.checks.workflows import handle_of, running_worker, task_queue
from workshop.exercises.documentation import TEMPORAL
from workshop.exercises.people.project import activities, project
from workshop.exercises.people.talk import answer_of, history_of, judge_chat, judge_lines, need_chat


@exercise(
    proves="Each message was answered once, in order and with the whole conversation before it, even those sent at"
    " once.",
    hints=(
        "What is sent to the model? What do you have to keep afterwards, for the model and for those who read the"
        " chat?",
        f"`@workflow.update` above `async def say(self, text: str) -> str`, `@workflow.query` above "
        f"`def history(self) -> list[str]`: {TEMPORAL}/message-passing",
        "@workflow.update\nasync def say(self, text: str) -> str:\n    async with self.lock:\n"
        '        result = await Runner.run(DESK, [*self.items, {"role": "user", "content": text}])\n'
        "        self.items = result.to_input_list()\n        self.lines += [...]\n        return ...",
    ),
    timeout=60,
)
async def chat(bench: Bench) -> str:
    """One message, then two while there is no worker, then two at once; in another chat, one whose call is refused."""
    river = "What does the river dream of?"
    texts = ["Are there any weather alerts in Texas?", "And in California?", river]
    texts += [f"What does the {Fresh(bench.exercise.id).word()} dream of?", river]
    with project(bench):
        seen = await bench.run(_probe_chat, bench.scope, texts)
        await _need_next(bench)
    runs = await activity_runs(await handle_of(bench))
    judge_chat(runs, texts, seen["answers"], "`say`")
    if not any(run.name == "get_weather_alerts" for run in runs):
        raise NotYet("DESK to answer, with its tool", "no tool was used", "`say`: `Runner.run(DESK, ...)`")
    judge_lines(seen["lines"], texts, seen["answers"])
    return f"Asked {texts[1]!r}, it answered: {seen['answers'][1]}"


async def _probe_chat(module: ModuleType, workflow_id: str, texts: list[str]) -> dict[str, Any]:
    from temporalio.client import WorkflowUpdateStage

    defined = need_chat(module, "Chat")
    what = _what(defined)
    async with running_worker(**what) as client:
        handle = await client.start_workflow("Chat", id=workflow_id, task_queue=task_queue())
        answers = [await answer_of(handle, handle.execute_update("say", texts[0]))]
    # No worker now. The pause keeps the two in order on their way to the server.
    waiting = []
    for text in texts[1:3]:
        waiting.append(asyncio.ensure_future(handle.execute_update("say", text)))
        await asyncio.sleep(0.3)
    async with running_worker(**what) as client:
        # Another worker and another client: it knows only what the history tells.
        handle = client.get_workflow_handle(workflow_id)
        answers += [await answer_of(handle, update) for update in waiting]
        sent = []
        for text in texts[3:]:
            update = handle.start_update("say", text, wait_for_stage=WorkflowUpdateStage.ACCEPTED)
            sent.append(await answer_of(handle, update))
        answers += [await answer_of(handle, update.result()) for update in sent]
        lines = await history_of(handle)
        await handle.signal("leave")
        await result_of(handle, "`say`", what="the chat, once it was left,", timeout=10)
    return {"answers": answers, "lines": lines}


def _what(defined: Any) -> dict[str, Any]:
    return {
        "plugins": [plugin()],
        "workflows": [defined],
        "activities": [activities().get_weather_alerts],
    }


async def _need_next(bench: Bench) -> None:
    """A message whose run fails is told so, and the next one is answered.

    Raises:
        NotYet: it is answered as if all were well, or the chat does not go on.
    """
    look = "`say`"
    with bench.fault("model", "status", status=400, calls=1):
        told = await bench.run(_probe_refused, f"{bench.scope}-refused")
    if told["answer"] is not None:
        got = f"it was answered: {describe(told['answer'])}"
        raise NotYet("a message whose model call is refused to fail", got, look)


async def _probe_refused(module: ModuleType, workflow_id: str) -> dict[str, Any]:
    from temporalio.client import WorkflowUpdateFailedError

    defined = need_chat(module, "Chat")
    async with running_worker(**_what(defined)) as client:
        handle = await client.start_workflow("Chat", id=workflow_id, task_queue=task_queue())
        answer = None
        sent = handle.execute_update("say", "What does the glacier dream of?")
        with contextlib.suppress(WorkflowUpdateFailedError):
            answer = await beside(handle, sent, "`say`", expected="an answer, or an error", timeout=10)
        try:
            await answer_of(handle, handle.execute_update("say", "What does the desert dream of?"))
        except NotYet as problem:
            expected = "a message to be answered after one that has failed"
            look = "`say`: `async with self.lock:` releases the lock after an error, too"
            raise NotYet(expected, problem.got, look) from None
    return {"answer": answer}
