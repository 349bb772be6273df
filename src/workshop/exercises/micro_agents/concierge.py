"""Agents as tools: the concierge asks two others, each in a loop of its own, and answers itself."""

from __future__ import annotations

import inspect
import re
from collections.abc import Sequence
from types import ModuleType
from typing import Any

from workshop.checks.agent_runs import (
    MODEL_CALL,
    calls_asked_for,
    instructions_of,
    last_told,
    need_files,
    said_in,
    told_steps,
)
from workshop.checks.agent_workers import plugin
from workshop.checks.bench import Bench, NotYet, describe, need, place_of
from workshop.checks.endings import ending_of, result_of
from workshop.checks.fresh import Fresh
from workshop.checks.histories import ActivityRun, activity_runs
from workshop.checks.outcomes import shorten
from workshop.checks.registry import exercise
from workshop.checks.workflows import handle_of, running_worker, task_queue
from workshop.exercises.documentation import AGENTS_SDK
from workshop.exercises.micro_agents.offered import tools_offered
from workshop.exercises.micro_agents.project import TEAM, activities
from workshop.exercises.micro_agents.team_agents import made_agent

_TOOLS = {
    "weather_alerts": "Tells the weather alerts of a US state.",
    "user_location": "Tells where the user is.",
}
_USED = {
    "weather_alerts": {"get_weather_alerts"},
    "user_location": {"get_ip_address", "get_location_info"},
}
_LOOK = "`tools=` of concierge: two, each made with as_tool"
_ADMITS = re.compile(
    r"error|fail|not (?:be |been )?(?:available|answer|reach|work)|unavailable|cannot|could not|closed|down|sorry",
    re.I,
)


@exercise(
    proves="The concierge asked two agents at once, each in its own loop, and gave the answer itself.",
    hints=(
        "In the last exercise, the other agent answered the user. Who should answer now?",
        f"`agent.as_tool(tool_name=..., tool_description=...)` gives a tool: {AGENTS_SDK}/tools/",
        'alerts = weather_agent().as_tool(\n    tool_name="weather_alerts", tool_description="..."\n)\n'
        "location = ...\nreturn Agent(name=..., instructions=..., tools=[alerts, location])",
    ),
    timeout=60,
)
async def concierge(bench: Bench) -> str:
    """A question that needs both agents, one for each of them, and one for which a service is closed."""
    need_files(bench, *TEAM)
    fresh = Fresh(bench.exercise.id)
    stormy, closed = fresh.stormy_state("Texas"), fresh.state("Texas")
    questions = {
        "both": "Where am I? And are there any weather alerts in Texas?",
        "weather_alerts": f"Are there any weather alerts in {stormy}?",
        "user_location": "Where am I?",
        "closed": f"Are there any weather alerts in {closed}?",
    }
    await bench.run(_probe_concierge)
    results = await bench.run(_probe_questions, questions, closed, bench.scope)
    runs_of = {
        name: await activity_runs(await handle_of(bench, f"{bench.scope}-{name}")) for name in questions
    }
    for name, question in questions.items():
        _judge_asked(runs_of[name], list(_TOOLS) if name == "both" else [name], question)
    for name in ("weather_alerts", "user_location", "both"):
        _judge_answer(runs_of[name], list(_TOOLS) if name == "both" else [name], results[name])
    _judge_closed(runs_of["closed"], results["closed"])
    calls = sum(run.name == MODEL_CALL for run in runs_of["both"])
    return f"{calls} model calls in three loops, one workflow."


def _judge_asked(runs: Sequence[ActivityRun], tools: Sequence[str], question: str) -> None:
    """What the concierge is, and which tools it was made to ask for."""
    first = runs[0]
    asked = calls_asked_for(first)
    if first.input[0].get("handoffs") or any(name.startswith("transfer_to_") for name in asked):
        raise NotYet("the other agents as tools", "a handoff: the concierge is not asked again", _LOOK)
    if instructions_of(first) != "Use your tools.":
        raise NotYet(
            'the instructions "Use your tools."', repr(instructions_of(first)), "`instructions=` of concierge"
        )
    offered = tools_offered(first)
    if sorted(offered) != sorted(_TOOLS):
        raise NotYet(f"the tools {' and '.join(_TOOLS)}", ", ".join(offered) or "none", _LOOK)
    for name, described in _TOOLS.items():
        if offered[name].strip() != described:
            raise NotYet(
                f"the tool {name} to be described as {described!r}",
                f"it says {offered[name]!r}" if offered[name] else "it has no description",
                f"`tool_description=` of {name}",
            )
    if tools != ["closed"] and sorted(asked) != sorted(tools):
        got = f"it asked for {', '.join(asked)}" if asked else "it asked for none"
        raise NotYet(f"the model to ask for {' and '.join(tools)} for {question!r}", got, _LOOK)


def _judge_answer(runs: Sequence[ActivityRun], tools: Sequence[str], result: Any) -> None:
    """Each tool was the right agent, what it said last is the tool's output, and the concierge answered."""
    calls = [run for run in runs if run.name == MODEL_CALL]
    own = [call for call in calls if tools_offered(call).keys() == _TOOLS.keys()]
    inner = [call for call in calls if call not in own]
    used = {run.name for run in runs} - {MODEL_CALL}
    wanted = set[str]().union(*(_USED[one] for one in tools))
    if used != wanted:
        got = told_steps(runs)
        if len(tools) == 1 and inner and set(has := tools_offered(inner[0])) != wanted:
            got = f"the agent that it asks has {', '.join(sorted(has)) or 'no tools'}"
        look = "which agent is which tool"
        raise NotYet(f"{' and '.join(tools)} to use {', '.join(sorted(wanted))}", got, look)
    if len(own) != 2 or own[-1] is not calls[-1]:
        got = "a tool's output was taken as the answer" if len(own) < 2 else told_steps(runs)
        raise NotYet("the concierge to be asked once more after its tools have answered", got, "`concierge`")
    if len(tools) == 1 and (said := said_in(inner[-1]).strip()) != last_told([own[-1]]).strip():
        raise NotYet(
            f"{tools[0]} to return the other agent's final output"
            + (f": {shorten(said, 80)!r}" if said else ""),
            shorten(repr(last_told([own[-1]])), 160),
            f"`as_tool(...)` of {tools[0]}",
        )
    answer = said_in(own[-1]).strip()
    if not isinstance(result, str) or not result.startswith("Concierge:"):
        raise NotYet("the agent 'Concierge' to answer", describe(result), "`name=` of concierge")
    if not answer or answer not in result:
        raise NotYet(f"the concierge's own words: {shorten(answer, 120)!r}", describe(result), "`concierge`")


def _judge_closed(runs: Sequence[ActivityRun], result: Any) -> None:
    """A tool whose service is closed says so, or the run fails."""
    told = last_told(runs)
    if result is not None and not _ADMITS.search(told):
        raise NotYet(
            "the model to be told when a tool has failed",
            f"it was told {shorten(told, 120)!r}",
            "`as_tool(...)`: leave out `failure_error_function=`",
        )


async def _probe_questions(
    module: ModuleType, questions: dict[str, str], closed: str, scope: str
) -> dict[str, Any]:
    """In the child: the answers; for one state the weather service is closed for good, and None if that run failed."""
    from temporalio import activity
    from temporalio.exceptions import ApplicationError

    from workshop.tools import weather

    @activity.defn(name="get_weather_alerts")
    async def get_weather_alerts(state: str) -> str:
        if weather.AREAS.get(state) == closed:
            raise ApplicationError("The weather desk is closed for good.", non_retryable=True)
        return await weather.get_weather_alerts(state)

    others = [one for one in activities() if one.__name__ != "get_weather_alerts"]
    defined = need(module, "Concierge", type, "a class")
    look = "`concierge`"
    async with running_worker(
        plugins=[plugin()], workflows=[defined], activities=[*others, get_weather_alerts]
    ) as client:
        handles = {
            name: await client.start_workflow(
                "Concierge", question, id=f"{scope}-{name}", task_queue=task_queue()
            )
            for name, question in questions.items()
        }
        shut = handles.pop("closed")
        results: dict[str, Any] = {name: await result_of(handle, look) for name, handle in handles.items()}
        ended = await ending_of(shut, look)
        results["closed"] = await shut.result() if ended == "completed" else None
    return results


def _probe_concierge(module: ModuleType) -> None:
    """In the child: look at the agent before it runs."""
    from agents import Agent

    for one in made_agent(module, "concierge").tools:
        if isinstance(one, Agent) or inspect.isroutine(one):
            got = f"the agent {one.name!r} itself" if isinstance(one, Agent) else describe(one)
            raise NotYet(
                "tools in `tools=`",
                f"{got}: `as_tool(...)` turns an agent into a tool",
                place_of(module, module.concierge),
            )
