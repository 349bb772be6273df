"""An agent in a workflow: its loop runs there, its model calls and its tools are activities."""

from __future__ import annotations

from types import ModuleType
from typing import Any

from workshop.checks.agent_runs import (
    MODEL_CALL,
    instructions_of,
    judge_result,
    judge_steps,
    need_files,
    run_ids,
)
from workshop.checks.agent_workers import answers
from workshop.checks.bench import Bench, NotYet
from workshop.checks.histories import ActivityRun, activity_runs
from workshop.checks.registry import exercise
from workshop.checks.workflows import handle_of
from workshop.exercises.documentation import PLUGIN
from workshop.exercises.numbering import lesson
from workshop.exercises.questions import CALIFORNIA, HAIKU, WHERE_I_AM
from workshop.exercises.sdk_agent.project import ACTIVITIES, tools
from workshop.exercises.steps import WEATHER_STEPS, WHERE_STEPS


@exercise(
    proves="Three questions took one, three and seven activities: the loop runs in your workflow, its steps do not.",
    hints=(
        f"You wrote such an agent in {lesson('first_agent')}. What has to stand around each tool, so that it runs as "
        "an activity?",
        f"`activity_as_tool(tool, start_to_close_timeout=..., retry_policy=...)`: {PLUGIN}",
        "tools = [\n    activity_as_tool(tool, start_to_close_timeout=TIMEOUT, retry_policy=ATTEMPTS)\n"
        "    for tool in TOOLS\n]\nagent = Agent(name=..., instructions=INSTRUCTIONS, tools=tools)\n"
        "result = await Runner.run(agent, question)\nreturn ...",
    ),
    timeout=60,
)
async def agent(bench: Bench) -> str:
    """The three questions of the course, side by side."""
    need_files(bench, ACTIVITIES)
    questions = {"haiku": HAIKU, "california": CALIFORNIA, "where": WHERE_I_AM}
    results = await bench.run(_probe_agent, run_ids(bench, questions))
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
                _judge_options(run)
    return f"Its answer to the last question: {results['where']}"


def _judge_options(tool: ActivityRun) -> None:
    call = f"activity_as_tool({tool.name}, ...)"
    if not tool.start_to_close:
        raise NotYet(
            f"one attempt of {tool.name} to have a limit of time",
            "it has none",
            f"start_to_close_timeout of {call}",
        )
    if tool.maximum_attempts != 3:
        number = tool.maximum_attempts or "any number"
        raise NotYet(
            f"at most three attempts of {tool.name}", f"{number}", f"retry_policy of {call}: ATTEMPTS"
        )
    if "ValueError" not in tool.not_retried:
        raise NotYet(
            f"one attempt of {tool.name} when it says ValueError",
            "it would be tried again",
            f"retry_policy of {call}: ATTEMPTS",
        )


async def _probe_agent(module: ModuleType, questions: dict[str, list[str]]) -> dict[str, Any]:
    results, _ = await answers(module, "WeatherAgent", questions, tools())
    return results
