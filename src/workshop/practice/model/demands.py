"""What the instructions demand: tools to call first, handoffs, the form of a reply."""

from __future__ import annotations

import re
from collections.abc import Sequence

from workshop.practice.language.words import GENERIC, bag, name_words, stems
from workshop.practice.model.asks import Ask
from workshop.practice.model.fit import Fitting
from workshop.practice.model.mentions import shown
from workshop.practice.model.tools import Tool

# -- tools to call first -----------------------------------------------------------------------------------

_ORDERS = re.compile(
    r"\b(?:first|begin by|start by|start with|before (?:you )?(?:answer|respond|anything|doing)|then|next|finally"
    r"|after that|always|must|every time|each time|you (?:need|have) to)\b",
    re.I,
)
_NOT_ALWAYS = re.compile(
    r"\b(?:never|do not|don't|avoid|when|if|for|whenever|unless|only|may|can|in case|questions?)\b"
    r"|\bto (?:answer|find|get|look|fetch|check)\b",
    re.I,
)


def ordered(tools: Sequence[Tool], instructions: str) -> list[Tool]:
    """The tools that the instructions want called in any case (`First call get_time.`), in the order they name them."""
    sentences = re.split(r"(?<=[.!?])\s+|\n+", instructions[:6000])
    orders = [one for one in sentences if _ORDERS.search(one) and not _NOT_ALWAYS.search(one)]
    found = [(number, match.start(), tool.name) for number, one in enumerate(orders) for tool in tools
             if (match := re.search(rf"(?<!\w){re.escape(tool.name)}(?!\w)", one))]  # fmt: skip
    return [tool for _, _, name in sorted(found) for tool in tools if tool.name == name]


# -- handoffs ----------------------------------------------------------------------------------------------

_FRONT = bag("triage router routing orchestrator dispatcher front main coordinator supervisor manager")
_DELEGATES = re.compile(
    r"\btriag|\bdelegate|\broutes? (?:the )?(?:request|customer|user)|appropriate agent", re.I
)


def is_front(tool: Tool) -> bool:
    """Whether a handoff is to an agent that only distributes requests."""
    words = name_words(tool.handoff_target or tool.name)
    return bool(_FRONT & set(words)) or bool(_DELEGATES.search(tool.purpose))


def agent_for(handoffs: Sequence[Tool], text: str) -> tuple[Tool, float] | None:
    """The handoff to the agent whose name and description a text fits best, and how well."""
    best: tuple[Tool, float] | None = None
    for tool in (tool for tool in handoffs if not is_front(tool)):
        target = tool.handoff_target or tool.name
        fit = Fitting([]).fit(Ask(text, 0), Tool(target, tool.purpose, {}), ordered=True)
        told = {*stems(" ".join(name_words(target))), *stems(tool.purpose)} - GENERIC - {"question", "agent"}
        score = (fit.score if fit else 0.0) + len(set(shown(text, frozenset(told))))
        if score >= 1.0 and (best is None or score > best[1]):
            best = (tool, score)
    return best


# -- the form of a reply -----------------------------------------------------------------------------------

HAIKU = re.compile(
    r"\bhaikus?\b|\b(?:5|five)\W{1,3}(?:7|seven)(?:\W{1,3}|,? and )(?:5|five)\b(?:\W+syllables?)?", re.I
)
_NO_HAIKU = re.compile(
    r"\b(?:(?:never|do not|don['’]t|not|avoid|stop)\s+(?:\w+\s+)?|(?:no|without|not)\s+)"
    r"(?:(?:in|a|as|any|with|use|using|the|more)\s+)*haikus?\b",
    re.I,
)
_PROSE = re.compile(r"\b(?:in|of) (?:\w+ )?prose\b", re.I)
_NO_PROSE = re.compile(r"\b(?:no|not|never|without|instead|rather than)\b[^.\n]{0,30}\bprose\b", re.I)
_ELSE = re.compile(
    r"\b(?:otherwise|if no tools?|if none|when no tools?|unless|else\b|if (?:you )?(?:do not|don't|cannot|can't)"
    r"|no tools? (?:is|are|fits?|needed|apply|applies)|for (?:any|every|all)thing else"
    r"|for (?:anything|everything|all|any) other|without (?:a )?tools?|not need)",
    re.I,
)


def wants_only_haiku(instructions: str) -> bool:
    """Whether every reply is to be a haiku, not only those for which no tool fits."""
    return wants_haiku(instructions) and not _ELSE.search(instructions)


def wants_haiku(text: str) -> bool:
    """Whether a text asks for haiku, by the name or by the form, does not forbid them, and wants no prose as well."""
    prose = _PROSE.search(text) and not _NO_PROSE.search(text)
    return bool(HAIKU.search(text)) and not _NO_HAIKU.search(text) and not prose


# Instructions that make the whole text the material of a language model (`You translate to French`).
MATERIAL = re.compile(
    r"\W*(?:you are [^.]{0,60}\.\s*)?(?:you |please |always |only |your (?:job|task) is to )*"
    r"(?:translat|rewrit|paraphras|proofread|summari[sz]|classif|correct|critiqu)", re.I,
)  # fmt: skip
_TEMPLATE = re.compile(r"\{\s*\"[^{}]*\}", re.S)


def json_form(instructions: str) -> list[str]:
    """The keys of the JSON object that instructions ask for in prose; empty if they ask for none."""
    found = _TEMPLATE.search(instructions) if re.search(r"\bjson\b", instructions, re.I) else None
    return re.findall(r"\"(\w+)\"\s*:", found.group(0)) if found else []
