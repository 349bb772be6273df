"""An agent in a workflow: its loop runs there, its model calls and its tools are activities."""

from __future__ import annotations

import asyncio
from types import ModuleType
from typing import Any

from workshop.checks.agent_runs import (
    MODEL_CALL,
    instructions_of,
    judge_result,
    judge_steps,
    need_files,
    run_ids,
    start_all,
)
from workshop.checks.agent_workers import plugin
from workshop.checks.bench import Bench, NotYet, need
from workshop.checks.endings import result_of
from workshop.checks.histories import activity_runs
from workshop.checks.registry import exercise
from workshop.checks.workflows import handle_of, running_worker
from workshop.exercises.documentation import PLUGIN
from workshop.exercises.numbering import lesson
from workshop.exercises.questions import CALIFORNIA, HAIKU, WHERE_I_AM
from workshop.exercises.sdk_agent.bad_days import bad_days, judge_bad_days
from workshop.exercises.sdk_agent.project import ACTIVITIES, tools
from workshop.exercises.steps import WEATHER_STEPS, WHERE_STEPS
from workshop.exercises.tool_times import judge_times


@exercise(
    proves="Three questions took one, three and seven activities: the loop runs in your workflow, its steps as"
    " activities.",
    hints=(
        f"You wrote such an agent in {lesson('first_agent')}. What do you wrap around each tool, so that it runs as "
        "an activity?",
        f"`activity_as_tool(tool, start_to_close_timeout=..., retry_policy=...)`: {PLUGIN}",
        "tools = [\n    activity_as_tool(tool, start_to_close_timeout=TIMEOUT, retry_policy=ATTEMPTS)\n"
        "    for tool in TOOLS\n]\nagent = Agent(name=..., instructions=INSTRUCTIONS, tools=tools)\n"
        "result = await Runner.run(agent, question)\nreturn ...",
    ),
    timeout=60,
)
async def agent(bench: Bench) -> str:
    """The three questions of the course, side by side; then a model that refuses, and a run that is cancelled."""
    need_files(bench, ACTIVITIES)
    questions = {"haiku": HAIKU, "california": CALIFORNIA, "where": WHERE_I_AM}
    seen = await bench.run(_probe_agent, run_ids(bench, questions), bench.scope)
    results = seen["results"]
    for name, steps in (("haiku", ["model"]), ("california", WEATHER_STEPS), ("where", WHERE_STEPS)):
        runs = await activity_runs(await handle_of(bench, f"{bench.scope}-{name}"))
        judge_steps(runs, steps, questions[name], "`tools=`, each made with activity_as_tool")
        judge_result(results[name], runs)
        if not instructions_of(runs[0]).strip():
            raise NotYet(
                "the model to be sent the agent's instructions",
                "none",
                "`instructions=INSTRUCTIONS` of Agent",
            )
        for run in runs:
            if run.name != MODEL_CALL:
                judge_times(run, f"activity_as_tool({run.name}, ...)")
    judge_bad_days(seen["bad_days"], "the body of `WeatherAgent.run`: what it catches")
    return f"Its answer to the last question: {results['where']}"


async def _probe_agent(
    module: ModuleType, questions: dict[str, list[str]], prefix: str
) -> dict[str, dict[str, Any]]:
    defined = need(module, "WeatherAgent", type, "a class")
    look = "the body of `WeatherAgent.run`"
    async with running_worker(plugins=[plugin()], workflows=[defined], activities=tools()) as client:
        handles = await start_all(client, "WeatherAgent", questions)
        results = await asyncio.gather(*[result_of(handle, look) for handle in handles.values()])
        bad = await bad_days(client, "WeatherAgent", CALIFORNIA, prefix, look)
    return {"results": dict(zip(handles, results, strict=True)), "bad_days": dict(bad)}
