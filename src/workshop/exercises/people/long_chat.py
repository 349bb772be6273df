"""A chat that goes on in a new run, while somebody is being answered."""

from __future__ import annotations

import contextlib
from types import ModuleType
from typing import Any

from workshop.checks.agent_workers import plugin
from workshop.checks.bench import Bench, NotYet, need
from workshop.checks.endings import result_of
from workshop.checks.histories import activity_runs
from workshop.checks.registry import exercise
from workshop.checks.workflows import connect, handle_of, running_worker, task_queue
from workshop.exercises.documentation import TEMPORAL
from workshop.exercises.people.project import activities, project
from workshop.exercises.people.talk import answer_of, history_of, judge_chat, judge_lines, need_chat


@exercise(
    proves="The chat went on in a new run while somebody was being answered, and nothing that was said got lost.",
    hints=(
        "What may still be going on in the moment when the chat has become long?",
        f"`workflow.wait_condition(workflow.all_handlers_finished)`, then `workflow.continue_as_new(...)`: "
        f"{TEMPORAL}/continue-as-new",
        "await workflow.wait_condition(lambda: self.over or self.is_long())\n"
        "await workflow.wait_condition(workflow.all_handlers_finished)\nif not self.over:\n"
        "    workflow.continue_as_new(Carried(...))",
    ),
    timeout=60,
)
async def long_chat(bench: Bench) -> str:
    """Five messages. The third and the fourth come at once; the third makes the chat long."""
    texts = [f"What does the {what} dream of?" for what in ("river", "mountain", "sea", "moon", "forest")]
    with project(bench):
        seen = await bench.run(_probe_long_chat, bench.scope, texts)
    client = await connect(bench)
    first = client.get_workflow_handle(bench.scope, run_id=seen["first"])
    status = (await first.describe()).status
    if status is None or status.name != "CONTINUED_AS_NEW":
        got = f"after {len(texts)} messages the first run {status.name.lower() if status else 'is unknown'}"
        raise NotYet("the chat to continue as new after three turns", got, "`workflow.continue_as_new(...)`")
    runs = [*await activity_runs(first), *await activity_runs(await handle_of(bench))]
    judge_chat(runs, texts, seen["answers"], "`Carried(...)` and `say`")
    judge_lines(seen["lines"], texts, seen["answers"])
    return f"{len(texts)} messages, {len(seen['lines'])} lines in `history`, and a second run that knows them all."


async def _probe_long_chat(module: ModuleType, workflow_id: str, texts: list[str]) -> dict[str, Any]:
    from temporalio.client import WorkflowUpdateStage

    from workshop.errors import LabTimeout
    from workshop.lab.faults import fault

    defined = need_chat(module, "LongChat")
    carried = need(module, "Carried", type, "a class")
    look = "the body of `run`"
    async with running_worker(
        plugins=[plugin()], workflows=[defined], activities=[activities().get_weather_alerts]
    ) as client:
        started = await client.start_workflow("LongChat", carried(), id=workflow_id, task_queue=task_queue())
        handle = client.get_workflow_handle(workflow_id)
        answers = [await answer_of(handle, handle.execute_update("say", text), look) for text in texts[:2]]
        with fault("model", "delay", delay=20) as held:
            asked = []
            for text in texts[2:4]:
                update = handle.start_update("say", text, wait_for_stage=WorkflowUpdateStage.ACCEPTED)
                asked.append(await answer_of(handle, update, look))
            with contextlib.suppress(LabTimeout):
                await held.hit(timeout=5)
        answers += [await answer_of(handle, update.result(), look) for update in asked]
        answers.append(await answer_of(handle, handle.execute_update("say", texts[4]), look))
        lines = await history_of(handle)
        await handle.signal("leave")
        await result_of(handle, look, what="the chat, once it was left,", timeout=10)
    return {"answers": answers, "lines": lines, "first": started.first_execution_run_id}
