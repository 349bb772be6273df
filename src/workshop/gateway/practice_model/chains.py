"""Which tool yields an argument that is missing: IP address -> location -> state, one step a turn."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from workshop.gateway.practice_model import values
from workshop.gateway.practice_model.kinds import FREE_TEXT, kinds_of
from workshop.gateway.practice_model.slots import Filling, Sources, fill
from workshop.gateway.practice_model.tools import SELF_PLACE, Param, Tool
from workshop.gateway.practice_model.words import families, name_stems, stem

JSON = Any
_DEPTH = 5
# What a tool about a place can be expected to return.
_OF_A_PLACE = frozenset(("state", "city", "country", "place", "timezone", "zip"))
_LOCATION = stem("location")
_VAGUE = frozenset(
    stem(w) for w in ["id", "number", "code", "name", "value", "type", "new", "info", "data", "text"]
)

Called = Callable[[str, dict[str, JSON]], bool]


def producers(param: Param, consumer: Tool, tools: Sequence[Tool], visited: frozenset[str]) -> list[Tool]:
    """The tools that look as if they return what a parameter asks for, likeliest first."""
    tool_text = f"{consumer.name} {consumer.description}"
    kind = kinds_of(param, tool_text)[0] if param.type in ("string", "any", "array") else "number"
    if kind == "free" and not name_stems(param.name) - {stem(w) for w in FREE_TEXT}:
        return []
    wanted = {stem(w) for w in param.words} - _VAGUE or {stem(w) for w in param.words}
    if kind in _OF_A_PLACE or param.words & {"lat", "latitude", "lon", "longitude", "lng"}:
        wanted |= {_LOCATION} | ({kind} if kind in _OF_A_PLACE else set())
    if kind == "ip":
        wanted |= {"ip"}
    place_families = families(_LOCATION) if _LOCATION in wanted else frozenset()
    ranked: list[tuple[float, int, Tool]] = []
    for index, tool in enumerate(tools):
        if tool.name in visited or tool.changes_things or tool.handoff_target:
            continue
        if any(p.name == param.name and p.required and not p.nullable for p in tool.params):
            continue
        inputs = {stem(w) for p in tool.params for w in p.words}
        named = wanted & tool.name_stems
        told = wanted & tool.description_stems
        score = 2.0 * len(named) + 0.8 * len(told)
        if place_families and any(
            families(word) & place_families for word in tool.name_stems - {"ip", "address"}
        ):
            score += 1.5
        # A tool that takes what we want does not return it.
        score -= 1.5 * len(wanted & inputs - {_LOCATION})
        if not tool.params:
            score += 0.2
        if score >= 0.8:
            ranked.append((-score, index, tool))
    return [tool for _, _, tool in sorted(ranked, key=lambda entry: entry[:2])]


def next_step(
    tool: Tool,
    sources: Sources,
    tools: Sequence[Tool],
    called: Called,
    visited: frozenset[str] = frozenset(),
    depth: int = 0,
) -> tuple[Tool, Filling] | None:
    """The call to make now so that `tool` can be called later; the tool itself if nothing is missing.

    Args:
        tool: The tool that is wanted.
        sources: Where its arguments may come from.
        tools: All tools on offer.
        called: Whether a call with these arguments has an output in this turn already.
        visited: The tools further up this chain.
        depth: How far up the chain this is.

    Returns:
        A tool and its arguments, or None if a required argument can be had from nowhere.
    """
    filling = fill(tool, sources)
    if not filling.missing:
        return tool, filling
    if depth >= _DEPTH:
        return None
    steps: list[tuple[Tool, Filling]] = []
    if depth == 0 and _names_another_place(tool, filling, sources):
        return None
    for param in filling.missing:
        found = None
        for producer in producers(param, tool, tools, visited | {tool.name}):
            # A producer looks for its own arguments in what the user said, not in the consumer's.
            step = next_step(
                producer,
                replace(sources, clause=sources.text),
                tools,
                called,
                visited | {tool.name},
                depth + 1,
            )
            if step and not all(called(step[0].name, arguments) for arguments in step[1].arguments):
                found = step
                break
        if found is None:
            return None
        steps.append(found)
    return steps[0]


def _names_another_place(tool: Tool, filling: Filling, sources: Sources) -> bool:
    """Whether a state or city is missing although the text names a country: not where the user is."""
    if SELF_PLACE.search(sources.clause) or not values.find("country", sources.clause):
        return False
    tool_text = f"{tool.name} {tool.description}"
    return any(kinds_of(p, tool_text)[0] in ("state", "city") for p in filling.missing)
