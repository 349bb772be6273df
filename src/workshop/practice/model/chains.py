"""Which tool yields an argument that is missing: IP address -> location -> state, one step a turn."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from workshop.practice.model import values
from workshop.practice.model.grounding import Filling, Sources, fill
from workshop.practice.model.params import FREE_TEXT, Param
from workshop.practice.model.tools import Tool
from workshop.practice.model.words import bag, families, name_stems, stem

JSON = Any
_DEPTH = 5
# What a tool about a place can be expected to return.
_OF_A_PLACE = bag("state city country place")
_COORDINATES = bag("lat latitude lon longitude lng")
_LOCATION, _COORDINATE = stem("location"), stem("coordinates")
_VAGUE = frozenset(stem(word) for word in bag("id number code name value type new info data text"))
_FREE = frozenset(stem(word) for word in FREE_TEXT)

Called = Callable[[str, dict[str, JSON]], bool]


def producers(param: Param, tools: Sequence[Tool], visited: frozenset[str]) -> list[Tool]:
    """The tools that look as if they return what a parameter asks for, likeliest first; none that changes anything."""
    kind = "number" if param.numeric else param.kind
    if kind in ("free", "command") and not name_stems(param.name) - _FREE:
        return []
    every = {stem(word) for word in param.words}
    wanted = every - _VAGUE or every
    coordinates = bool(param.words & _COORDINATES)
    if kind in _OF_A_PLACE or coordinates:
        wanted |= {_LOCATION} | ({kind} & _OF_A_PLACE) | ({_COORDINATE} if coordinates else set())
    if kind == "ip":
        wanted |= {"ip"}
    of_place = families(_LOCATION) if _LOCATION in wanted else frozenset()
    ranked: list[tuple[float, int, Tool]] = []
    for index, tool in enumerate(tools):
        same = any(p.name == param.name and p.essential for p in tool.params)
        if same or tool.name in visited or tool.changes_things or tool.handoff_target:
            continue
        inputs = {stem(word) for p in tool.params for word in p.words}
        score = 2.0 * len(wanted & tool.name_stems) + 0.8 * len(wanted & tool.description_stems)
        if any(families(word) & of_place for word in tool.name_stems - {"ip", "address"}):
            score += 1.5
        # A tool that takes what we want does not return it.
        score -= 1.5 * len(wanted & inputs - {_LOCATION})
        if score >= 0.8:
            ranked.append((-score, index, tool))
    return [tool for _, _, tool in sorted(ranked, key=lambda entry: entry[:2])]


def next_step(
    tool: Tool,
    sources: Sources,
    tools: Sequence[Tool],
    called: Called,
    visited: frozenset[str] = frozenset(),
) -> tuple[Tool, Filling] | None:
    """The call to make now so that `tool` can be called later; the tool itself if nothing is missing.

    Args:
        tool: The tool that is wanted.
        sources: Where its arguments may come from.
        tools: All tools on offer.
        called: Whether a call with these arguments has an output in this turn already.
        visited: The tools further up this chain.

    Returns:
        A tool and its arguments, or None if a required argument can be had from nowhere.
    """
    filling = fill(tool, sources)
    if not filling.missing:
        return tool, filling
    if len(visited) >= _DEPTH:
        return None
    above = visited | {tool.name}
    # A producer looks for its own arguments in what the user said, not in the consumer's clause.
    whole = replace(sources, clause=sources.text or sources.clause)
    steps = []
    for param in filling.missing:
        leads = (
            next_step(one, whole, tools, called, above)
            for one in producers(param, tools, above)
            if one.needed or _about_oneself(param, sources)
        )
        fresh = (one for one in leads if one and not called(one[0].name, one[1].arguments))
        steps.append(next(fresh, None))
    return steps[0] if None not in steps else None


def _about_oneself(param: Param, sources: Sources) -> bool:
    """Whether a tool that is asked nothing may answer: it can only tell of the user, never of a place that is named."""
    if param.kind in _OF_A_PLACE or param.words & _COORDINATES or param.kind == "ip":
        return bool(values.SELF_PLACE.search(sources.clause)) or "my ip" in sources.clause.lower()
    return not values.find("person", sources.clause)
