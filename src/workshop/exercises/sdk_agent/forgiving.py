"""A tool whose failure the model is told, while a cancelled run stays cancelled."""

from __future__ import annotations

import asyncio
from types import ModuleType
from typing import TYPE_CHECKING

from workshop.checks.agent_runs import judge_steps, last_told, need_files, run_ids, start_all
from workshop.checks.agent_workers import plugin
from workshop.checks.bench import Bench, NotYet, need, need_function
from workshop.checks.endings import beside, ending_of, result_of
from workshop.checks.histories import activity_runs
from workshop.checks.registry import exercise
from workshop.checks.workflows import handle_of, running_worker, task_queue
from workshop.exercises.documentation import TEMPORAL
from workshop.exercises.sdk_agent.project import ACTIVITIES, WORKFLOW
from workshop.exercises.steps import WEATHER_STEPS

if TYPE_CHECKING:
    from temporalio.client import Client


@exercise(
    proves="After three attempts the model was told why its tool had failed, and a cancelled run stayed cancelled.",
    hints=(
        "When do you want the workflow to go on, and when not? The error is an ActivityError in both cases.",
        "`except ActivityError as error:`, `is_cancelled_exception(error)`, `error.cause`: "
        f"{TEMPORAL}/cancellation",
        "try:\n    return str(await tool.on_invoke_tool(context, arguments))\nexcept ActivityError as error:\n"
        '    if is_cancelled_exception(error):\n        raise\n    return f"... {error.cause}"',
    ),
    timeout=60,
)
async def forgiving(bench: Bench) -> str:
    """The tool answers, fails for good, and is used by runs that are cancelled during an attempt and between two."""
    need_files(bench, ACTIVITIES, WORKFLOW)
    states = {"CA": "California", "TX": "Texas"}
    questions = {code: f"Are there any weather alerts in {name}?" for code, name in states.items()}
    cancelled = await bench.run(_probe_forgiving, run_ids(bench, questions), bench.scope)
    runs = {code: await activity_runs(await handle_of(bench, f"{bench.scope}-{code}")) for code in questions}
    for code, question in questions.items():
        judge_steps(runs[code], WEATHER_STEPS, question, "`invoke`: `await tool.on_invoke_tool(...)`")
    told = {code: last_told(runs[code]) for code in questions}
    result = str(runs["CA"][1].output)
    if result not in told["CA"]:
        raise NotYet(
            f"the model to be told what the tool returned: {result!r}",
            f"it was told {told['CA']!r}",
            "`invoke`: what it returns when all is well",
        )
    reason = runs["TX"][1].cause
    if reason not in told["TX"]:
        raise NotYet(
            f"the model to be told why the tool failed: {reason!r}",
            f"it was told {told['TX']!r}",
            "`invoke`: `error.cause`",
        )
    for moment, ended in cancelled.items():
        if ended != "cancelled":
            raise NotYet(
                f"a workflow that uses your tool, and is cancelled {moment}, to end as cancelled",
                f"it {ended}" if ended else "it did not use the activity",
                "`invoke`: `is_cancelled_exception(error)`, and `raise`",
            )
    return f"The model was told: {told['TX']}"


async def _probe_forgiving(
    module: ModuleType, questions: dict[str, list[str]], workflow_id: str
) -> dict[str, str]:
    """Ask the agent; and tell how the cancelled runs ended, by the moment at which they were cancelled."""
    from workshop.exercises.sdk_agent.fated_alerts import ToolAlone, alerts, reached

    defined = need(module, "ForgivingAgent", type, "a class")
    need_function(module, "forgiving")
    look = "`invoke`"

    async def ended(client: Client, state: str) -> str:
        handle = await client.start_workflow(
            ToolAlone.run, state, id=f"{workflow_id}-{state}", task_queue=task_queue()
        )
        try:
            await beside(handle, reached(state).wait(), look, expected="your tool to use the activity")
        except NotYet:
            # What the agent's own runs tell of that is easier to understand.
            return ""
        await handle.cancel()
        return await ending_of(
            handle, look, what="a workflow that uses your tool, and is cancelled,", timeout=20
        )

    workflows = [defined, ToolAlone]
    async with running_worker(plugins=[plugin()], workflows=workflows, activities=[alerts]) as client:
        handles = await start_all(client, "ForgivingAgent", questions)
        answers = asyncio.gather(*[result_of(handle, look) for handle in handles.values()])
        at_work, between, _ = await asyncio.gather(ended(client, "NY"), ended(client, "NV"), answers)
    return {"while it works": at_work, "between two attempts of it": between}
