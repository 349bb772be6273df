"""Agents as tools: the concierge asks two others at once, each in a loop of its own, and answers itself."""

from __future__ import annotations

import inspect
from types import ModuleType

from workshop.checks.agent_runs import MODEL_CALL, calls_asked_for, instructions_of, need_files, told_steps
from workshop.checks.bench import Bench, NotYet, describe, place_of
from workshop.checks.histories import activity_runs
from workshop.checks.registry import exercise
from workshop.checks.workflows import handle_of
from workshop.exercises.documentation import AGENTS_SDK
from workshop.exercises.micro_agents.asked import probe_answer
from workshop.exercises.micro_agents.project import TEAM
from workshop.exercises.micro_agents.team_agents import made_agent


@exercise(
    proves="The concierge asked two agents at once, each in a loop of its own, and answered itself.",
    hints=(
        "In the last exercise the other agent answered the user. Who shall now?",
        f"`agent.as_tool(tool_name=..., tool_description=...)` gives a tool: {AGENTS_SDK}/tools/",
        'alerts = weather_agent().as_tool(\n    tool_name="weather_alerts", tool_description="..."\n)\n'
        "location = ...\nreturn Agent(name=..., instructions=..., tools=[alerts, location])",
    ),
    timeout=60,
)
async def concierge(bench: Bench) -> str:
    """A question that needs both agents."""
    need_files(bench, *TEAM)
    question = "Where am I? And are there any weather alerts in Texas?"
    await bench.run(_probe_concierge)
    result = await bench.run(probe_answer, "Concierge", question, bench.scope)
    runs = await activity_runs(await handle_of(bench))
    look = "`tools=` of concierge: two, each made with as_tool"
    asked = calls_asked_for(runs[0])
    if any(name.startswith("transfer_to_") for name in asked):
        raise NotYet("the other agents as tools", "a handoff: the concierge is not asked again", look)
    if sorted(asked) != ["user_location", "weather_alerts"]:
        got = f"it asked for {', '.join(asked)}" if asked else "it asked for none"
        raise NotYet(f"the model to ask for weather_alerts and user_location for {question!r}", got, look)
    used = {run.name for run in runs} - {MODEL_CALL}
    if used != {"get_ip_address", "get_location_info", "get_weather_alerts"}:
        raise NotYet("each agent to use its own tools", told_steps(runs), "which agent is which tool")
    if not str(result).startswith("Concierge:"):
        raise NotYet("the agent 'Concierge' to answer", describe(result), "`name=` of concierge")
    if instructions_of(runs[0]) != "Use your tools.":
        raise NotYet(
            'the instructions "Use your tools."',
            repr(instructions_of(runs[0])),
            "`instructions=` of concierge",
        )
    return f"{len([run for run in runs if run.name == MODEL_CALL])} model calls in three loops, one workflow."


def _probe_concierge(module: ModuleType) -> None:
    """In the child: look at the agent before it runs."""
    from agents import Agent

    for one in made_agent(module, "concierge").tools:
        if isinstance(one, Agent) or inspect.isroutine(one):
            got = f"the agent {one.name!r} itself" if isinstance(one, Agent) else describe(one)
            raise NotYet(
                "tools in `tools=`",
                f"{got}: `as_tool(...)` of an agent makes a tool of it",
                place_of(module, module.concierge),
            )
