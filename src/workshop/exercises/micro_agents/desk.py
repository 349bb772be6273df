"""Handoffs: one loop in which the triage agent lets another one answer, or does so itself."""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from types import ModuleType

from workshop.checks.agent_runs import (
    MODEL_CALL,
    instructions_of,
    items_of,
    judge_steps,
    need_files,
    run_ids,
    text_of,
)
from workshop.checks.bench import Bench, NotYet, describe, need, place_of
from workshop.checks.histories import ActivityRun, activity_runs
from workshop.checks.outcomes import shorten
from workshop.checks.registry import exercise
from workshop.checks.workflows import handle_of
from workshop.exercises.documentation import AGENTS_SDK
from workshop.exercises.micro_agents.asked import probe_answers
from workshop.exercises.micro_agents.offered import handoffs_offered, tools_offered
from workshop.exercises.micro_agents.project import TEAM
from workshop.exercises.micro_agents.team_agents import made_agent
from workshop.exercises.questions import CALIFORNIA, HAIKU
from workshop.exercises.steps import WEATHER_STEPS


@exercise(
    proves="One loop, three agents: the model handed two questions over and kept the third.",
    hints=(
        "Which three things does this agent need? It needs no tools of its own.",
        f"`Agent(name=..., instructions=..., handoffs=[...])`: {AGENTS_SDK}/handoffs/",
        'return Agent(\n    name="Triage agent",\n    instructions=INSTRUCTIONS,\n'
        "    handoffs=[weather_agent(), ...],\n)",
    ),
    timeout=60,
)
async def desk(bench: Bench) -> str:
    """Three questions: one for each agent of the team, and one for nobody."""
    need_files(bench, *TEAM)
    questions = {"haiku": HAIKU, "california": CALIFORNIA, "where": "Where am I?"}
    instructions = await bench.run(_probe_desk)
    results = await bench.run(probe_answers, "Desk", run_ids(bench, questions))
    where = ["model", "model", "get_ip_address", "model", "get_location_info", "model"]
    for name, speaker, steps in (
        ("haiku", "Triage agent", ["model"]),
        ("california", "Weather agent", ["model", *WEATHER_STEPS]),
        ("where", "Local info agent", where),
    ):
        runs = await activity_runs(await handle_of(bench, f"{bench.scope}-{name}"))
        if own := tools_offered(runs[0]):
            raise NotYet(
                "a triage agent without tools, which hands a question over",
                f"it has {', '.join(own)}, and may answer itself",
                "`triage_agent`: `handoffs=`, not `tools=`",
            )
        if instructions not in instructions_of(runs[0]):
            raise NotYet(
                f"the triage agent to be told {instructions!r}",
                f"it was told {shorten(instructions_of(runs[0]), 120)!r}",
                "`instructions=` of triage_agent",
            )
        if (offered := handoffs_offered(runs[0])) != (both := ["Local info agent", "Weather agent"]):
            raise NotYet(
                f"the triage agent to be able to hand over to {' and '.join(both)}",
                f"it can hand over to {' and '.join(offered) or 'nobody'}",
                "`handoffs=` of triage_agent",
            )
        if len(runs) > 1 and not any(questions[name] in text_of(item) for item in items_of(runs[1])):
            raise NotYet(
                f"the agent that takes over to see the user's question, {questions[name]!r}",
                f"it was sent {[shorten(text_of(item), 60) for item in items_of(runs[1])]}",
                "`handoffs=` of triage_agent: the conversation goes along",
            )
        _need_tools(runs, speaker, [step for step in steps if step != "model"], questions[name])
        judge_steps(runs, steps, questions[name], "`triage_agent`: its name, its handoffs, its settings")
        said = str(results[name]).partition(":")[0]
        if said != speaker:
            raise NotYet(
                f"{speaker!r} to answer {questions[name]!r}",
                f"{said!r} did",
                "`triage_agent`: its name, its handoffs",
            )
    return f"{results['where'].splitlines()[0]}"


def _need_tools(runs: Sequence[ActivityRun], speaker: str, tools: Sequence[str], question: str) -> None:
    """Whoever has taken over is the model's second call, with other instructions than the first."""
    calls = [run for run in runs[:2] if run.name == MODEL_CALL]
    if len({instructions_of(call) for call in calls}) < 2 or not tools:
        return
    if sorted(offered := tools_offered(calls[1])) != sorted(tools):
        raise NotYet(
            f"the {speaker!r} of team.py to take over {question!r}, with {' and '.join(tools)}",
            f"an agent took over that has {', '.join(offered) or 'no tools'}",
            "`handoffs=` of triage_agent: `[weather_agent(), local_agent()]`",
        )


def _probe_desk(module: ModuleType) -> str:
    """In the child: look at the agent before it runs, and tell INSTRUCTIONS."""
    from agents import Agent, Handoff

    agent = made_agent(module, "triage_agent")
    if misplaced := [tool.name for tool in agent.tools if isinstance(tool, Agent)]:
        raise NotYet(
            "agents in `handoffs=`",
            f"the agent {misplaced[0]!r} in `tools=`, which takes no agents",
            place_of(module, module.triage_agent),
        )
    for one in agent.handoffs:
        if not isinstance(one, (Agent, Handoff)):
            raise NotYet(
                "agents in `handoffs=`",
                f"{describe(one)}: call it to get an agent" if inspect.isfunction(one) else describe(one),
                place_of(module, module.triage_agent),
            )
    return str(need(module, "INSTRUCTIONS", str, "a text"))
