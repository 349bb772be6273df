"""A chat as a workflow: messages that come while no worker runs are answered once, in order."""

from __future__ import annotations

import asyncio
from types import ModuleType
from typing import Any

from workshop.checks.agent_workers import plugin
from workshop.checks.bench import Bench
from workshop.checks.endings import result_of
from workshop.checks.histories import activity_runs
from workshop.checks.registry import exercise
from workshop.checks.workflows import handle_of, running_worker, task_queue
from workshop.exercises.documentation import TEMPORAL
from workshop.exercises.people.project import activities, project
from workshop.exercises.people.talk import answer_of, history_of, judge_chat, judge_lines, need_chat


@exercise(
    proves="Two messages came while no worker ran: each was answered once, in order, with all that was said before.",
    hints=(
        "What is the model sent, and what has to be kept afterwards: for the model, and for those who read along?",
        f"`@workflow.update` above `async def say(self, text: str) -> str`, `@workflow.query` above "
        f"`def history(self) -> list[str]`: {TEMPORAL}/message-passing",
        "@workflow.update\nasync def say(self, text: str) -> str:\n    async with self.lock:\n"
        '        result = await Runner.run(DESK, [*self.items, {"role": "user", "content": text}])\n'
        "        self.items = result.to_input_list()\n        self.lines += [...]\n        return ...",
    ),
    timeout=60,
)
async def chat(bench: Bench) -> str:
    """One message, then two while there is no worker, then a new worker."""
    texts = ["Are there any weather alerts in Texas?", "And in California?", "What does the river dream of?"]
    with project(bench):
        seen = await bench.run(_probe_chat, bench.scope, texts)
    runs = await activity_runs(await handle_of(bench))
    judge_chat(runs, texts, seen["answers"], "`say`")
    judge_lines(seen["lines"], texts, seen["answers"])
    return f"Asked {texts[1]!r}, it answered: {seen['answers'][1]}"


async def _probe_chat(module: ModuleType, workflow_id: str, texts: list[str]) -> dict[str, Any]:
    defined = need_chat(module, "Chat")
    what: dict[str, Any] = {
        "plugins": [plugin()],
        "workflows": [defined],
        "activities": [activities().get_weather_alerts],
    }
    async with running_worker(**what) as client:
        handle = await client.start_workflow("Chat", id=workflow_id, task_queue=task_queue())
        answers = [await answer_of(handle, handle.execute_update("say", texts[0]))]
    # No worker now. The pause keeps the two in order on their way to the server.
    waiting = []
    for text in texts[1:]:
        waiting.append(asyncio.ensure_future(handle.execute_update("say", text)))
        await asyncio.sleep(0.3)
    async with running_worker(**what) as client:
        # Another worker and another client: it knows only what the history tells.
        handle = client.get_workflow_handle(workflow_id)
        answers += [await answer_of(handle, update) for update in waiting]
        lines = await history_of(handle)
        await handle.signal("leave")
        await result_of(handle, "`say`", what="the chat, once it was left,", timeout=10)
    return {"answers": answers, "lines": lines}
