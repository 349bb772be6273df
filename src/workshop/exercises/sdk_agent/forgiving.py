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
    proves="After three attempts the model was told why its tool had failed, and a cancelled run ended as cancelled.",
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
    seen = await bench.run(_probe_forgiving, run_ids(bench, questions), bench.scope)
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
    for moment, ended in seen["cancelled"].items():
        if ended != "cancelled":
            raise NotYet(
                f"a workflow that uses your tool, and is cancelled {moment}, to end as cancelled",
                f"it {ended}" if ended else "it did not use the activity",
                "`invoke`: `is_cancelled_exception(error)`, and `raise`",
            )
    _judge_others(seen["others"])
    return f"The model was told: {told['TX']}"


_RUNS = {"CA": "the run", "TX": "a run whose tool has failed, and whose model is to be told why,"}
"""What is to complete, by the state that is asked for."""


def _judge_others(told: dict[str, str]) -> None:
    """What the wrapper has made of another tool, of a failure, and of a bug."""
    if told["other"] != "str: High tide in Dover at noon.":
        raise NotYet(
            "`forgiving` to use the tool that it is given, whichever that is",
            f"given a tool for tides, it told {told['other'] or 'nothing'}",
            "`invoke`: `await tool.on_invoke_tool(context, arguments)`",
        )
    kind, _, said = told["failed"].partition(": ")
    if kind != "str":
        raise NotYet(
            "a sentence for the model, a `str`", f"an object of type {kind}: {said}", "`invoke`: its `return`"
        )
    if not told["late"].startswith("str: "):
        raise NotYet(
            "the model to be told of a tool that takes too long, as of any other that fails",
            told["late"] or "the ActivityError, whose cause is a TimeoutError, was raised and ends the run",
            "`invoke`: which failures it tells",
        )
    if told["bug"]:
        raise NotYet(
            "an error other than an ActivityError, such as a bug in a tool, to be raised: it is for you, not for"
            " the model",
            f"it was told to the model: {told['bug'].partition(': ')[2]}",
            "`invoke`: which errors it catches",
        )


async def _probe_forgiving(
    module: ModuleType, questions: dict[str, list[str]], workflow_id: str
) -> dict[str, dict[str, str]]:
    """Ask the agent; and tell what the wrapper makes of other tools, and how the cancelled runs ended."""
    from workshop.exercises.sdk_agent.fated_alerts import (
        OtherTools,
        ToolAlone,
        alerts,
        look_up_tides,
        reached,
    )

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

    workflows = [defined, ToolAlone, OtherTools]
    activities = [alerts, look_up_tides]
    async with running_worker(plugins=[plugin()], workflows=workflows, activities=activities) as client:
        handles = await start_all(client, "ForgivingAgent", questions)
        answers = asyncio.gather(
            *[result_of(handle, look, what=_RUNS[code]) for code, handle in handles.items()]
        )
        at_work, between, _ = await asyncio.gather(ended(client, "NY"), ended(client, "NV"), answers)
        # After those: what an answer gets wrong is easier to understand from an agent's own run.
        other = await client.start_workflow(
            OtherTools.run, id=f"{workflow_id}-others", task_queue=task_queue()
        )
        try:
            others = await result_of(other, look, what="a workflow that uses other tools")
        except NotYet as error:
            wanted = "`forgiving` to use the tool that it is given, whichever that is: here one for tides"
            raise NotYet(wanted, error.got, error.look) from None
    return {
        "others": others,
        "cancelled": {"while it works": at_work, "between two attempts of it": between},
    }
