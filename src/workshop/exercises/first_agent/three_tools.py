"""Three tools whose order the model finds by itself."""

from __future__ import annotations

import re
from types import ModuleType
from typing import Any

from workshop.checks.bench import Bench, NotYet
from workshop.checks.exercise import id_of
from workshop.checks.registry import exercise
from workshop.exercises.first_agent.asked import (
    decisions_of,
    decisions_told,
    judge_choice,
    judge_ending,
    probe_answer,
    probe_tools,
)
from workshop.exercises.questions import WHERE_I_AM

_SDK = "https://openai.github.io/openai-agents-python"

_FUNCTIONS = {"ip": "get_ip_address", "geo": "get_location_info", "weather": "get_weather_alerts"}


@exercise(
    proves="The model made three decisions, each based on the one before; no line of yours gives the order.",
    hints=(
        f"Which part of the agent of exercise {id_of('my/first_agent/weather_agent.py')} changes, "
        "if only the tools change?",
        f"`tools` takes a list; `function_tool(f)` makes a tool of a function without a decorator: {_SDK}/tools/",
        "agent = Agent(name=..., instructions=..., tools=[function_tool(get_weather_alerts), ...])",
    ),
    temporal=False,
)
async def three_tools(bench: Bench) -> str:
    """Three tools, three decisions in three turns, an answer in the fourth."""
    tools = await bench.run(_probe_given)
    if len(tools) < 3:
        raise NotYet(
            "three tools, one for each imported function",
            f"{len(tools)}: {', '.join(tool['name'] for tool in tools) or 'none'}",
            "the argument tools=[...] of Agent(...)",
        )
    names = [tool["name"] for tool in tools]
    answer = await bench.run(probe_answer, WHERE_I_AM)
    first = bench.model_calls()[0].request if bench.model_calls() else {}
    _judge_freedom(str(first.get("instructions") or ""), tools, first.get("tool_choice"))
    offered = [str(one.get("name")) for one in first.get("tools") or []]
    if len(set(offered)) < 3:
        twice = [name for name in names if names.count(name) > 1]
        raise NotYet(
            "three different tools to be offered to the model",
            f"{twice[0]} is there twice" if twice else f"it is offered {', '.join(offered) or 'none'}",
            "the argument tools=[...] of Agent(...), and what switches a tool off",
        )
    services = bench.meter().services
    decisions = decisions_of(bench.model_calls())
    judge_ending(bench.model_calls())
    unused = [function for service, function in _FUNCTIONS.items() if not services.get(service)]
    if unused:
        absent = [function for function in unused if function not in names]
        decided = {name for turn in decisions for name, _ in turn}
        if other := [function for function in unused if function in decided]:
            raise NotYet(
                "the imported functions as tools",
                f"the tool {other[0]} does not ask its service: it is another function of that name",
                f"the function that becomes the tool {other[0]}",
            )
        raise NotYet(
            "the model to use all three functions for the question where you are",
            f"{decisions_told(decisions)}; not called: {', '.join(absent or unused)}",
            f"the list of tools: {', '.join(names)}",
        )
    _judge_chain(bench)
    used = [len(turn) for turn in decisions]
    if used[-1] != 0 or len([count for count in used if count]) < 3:
        raise NotYet(
            "three turns with a tool, and an answer from the model in the fourth",
            decisions_told(decisions),
            "the agent's arguments: the loop ends when the model answers",
        )
    return f"{decisions_told(decisions)}\n\n{answer}"


_SUBJECTS = (r"\bip\b|\baddress", r"\blocat|\bplace|\bregion|\bcity|\bwhere\b", r"\balerts?\b|\bweather\b")
_SEQUENCE = re.compile(
    r"\b(?:first|firstly|next|finally|afterwards?|steps?|start with|begin with)\b|(?:,|;|and) then\b|^\s*\d[.)]"
    r"|\b(?:before|after) (?:that|this|it\b|you (?:use|call|look|find|get|ask|have))|\blast(?: of all|ly)\b",
    re.IGNORECASE | re.MULTILINE,
)

# Said of tools by their names, this is an order, too; "in any order" is none.
_CHAIN = re.compile(
    r"->|→|=>|\b(?:before|after|once|then|start\w*|begin\w*|followed|results?|outputs?|pass(?:es)?|feed)\b"
    r"|\bin (?:this|that|the (?:following|given|right)) order\b|\bon (?:it|its)\b",
    re.IGNORECASE,
)
# Said of a tool among the others, without naming them: "before the others", "after all other tools".
_AMONG = re.compile(
    r"\b(?:before|after|until|prior to|ahead of|once)\b[^.;:]*\b(?:others?|else|rest|tools?)\b"
    r"|\b(?:others?|else|rest|tools?)\b[^.;:]*\b(?:before|after)(?:wards?)?\b",
    re.IGNORECASE,
)
# A number or a word in a tool's name that says when its turn is: `step_1_locate`, `first_my_ip`, `2_locate`.
_NUMBERED = re.compile(
    r"(?:^|_)(?:step|first|second|third|next|then|last|finally)(?=_|\d|$)|^(?:t|tool)?_?\d+_|_\d$",
    re.IGNORECASE,
)


def _judge_freedom(instructions: str, tools: list[dict[str, Any]], choice: object) -> None:
    """Nothing that the model is sent may say which tool comes first."""
    names = [tool["name"] for tool in tools]
    if numbered := next((name for name in names if _NUMBERED.search(name)), None):
        raise NotYet(
            "names that leave the order to the model",
            f"a tool is called {numbered}, which says when its turn is",
            "the argument name_override of function_tool(...)",
        )
    named = [name for name in names if "_" in name and name in instructions]
    subjects = sum(bool(re.search(one, instructions, re.IGNORECASE)) for one in _SUBJECTS)
    if (named and _CHAIN.search(instructions)) or (
        (named or subjects > 1) and _SEQUENCE.search(instructions)
    ):
        raise NotYet(
            "instructions that leave the order to the model",
            f"they give an order: {instructions!r}",
            "the agent's instructions",
        )
    for tool in tools:
        described = tool["description"]
        # A name such as `alerts` is a word like others.
        others = [name for name in names if name != tool["name"] and "_" in name and name in described]
        if described != tool["given"] and (others or _SEQUENCE.search(described) or _AMONG.search(described)):
            raise NotYet(
                "descriptions that leave the order to the model",
                f"that of {tool['name']} gives an order: {described!r}",
                "the arguments of function_tool(...)",
            )
    judge_choice(choice)


async def _probe_given(module: ModuleType) -> list[dict[str, Any]]:
    """As :func:`probe_tools`, and beside each description the one that the course's own function gives."""
    from agents import function_tool

    from workshop.tools import location, weather

    found = await probe_tools(module)
    functions: tuple[Any, ...] = (
        location.get_ip_address,
        location.get_location_info,
        weather.get_weather_alerts,
    )
    given = {one.name: one.description.strip() for one in (function_tool(each) for each in functions)}
    return [tool | {"given": given.get(tool["name"], "")} for tool in found]


def _judge_chain(bench: Bench) -> None:
    """Each step must have used what the one before returned."""
    replies = {exchange.route: exchange.response for exchange in bench.transcript()}
    address = str(replies["ip"]).strip()
    place = replies["geo"] if isinstance(replies["geo"], dict) else {}
    for service, value, what in (
        ("geo", address, "the location of your own address"),
        ("weather", str(place.get("region")), "the alerts of the place that was found"),
    ):
        path = bench.service_paths("geo" if service == "geo" else "weather")[-1]
        if not path.endswith(f"/{value}"):
            raise NotYet(
                f"{what}, {value}, to be looked up",
                f"the service was asked for {path.rpartition('/')[2]}",
                f"the tool around {_FUNCTIONS[service]}: what it passes on and returns",
            )
