"""What the instructions demand: tools to call first, handoffs, the form of a reply."""

from __future__ import annotations

import re
from collections.abc import Sequence

from workshop.practice.model.tools import Tool
from workshop.practice.model.words import name_words, stems

# -- tools to call first -----------------------------------------------------------------------------------

_FIRST = re.compile(
    r"\b(?:first|begin by|start by|start with|before (?:you )?(?:answer|respond|anything|doing))\b", re.I
)
_ALWAYS = re.compile(
    r"\b(?:then|next|finally|after that|always|must|every time|each time|you (?:need|have) to)\b", re.I
)
_NEVER = re.compile(r"\b(?:never|do not|don't|avoid)\b", re.I)
_SOMETIMES = re.compile(
    r"\b(?:when|if|for|whenever|unless|only|may|can|in case|questions?)\b|\bto (?:answer|find|get|look|fetch|check)\b",
    re.I,
)


def ordered(tools: Sequence[Tool], instructions: str, text: str) -> list[Tool]:
    """The tools that the instructions want called in any case, in the order they name them."""
    found: list[tuple[int, int, Tool]] = []
    for place, sentence in enumerate(re.split(r"(?<=[.!?])\s+|\n+", instructions[:6000])):
        first = _FIRST.search(sentence)
        if _NEVER.search(sentence) or not (
            first or (_ALWAYS.search(sentence) and not _SOMETIMES.search(sentence))
        ):
            continue
        condition = re.match(r"\W*(?:if|when|whenever|for)\b(.*?)(?:,|\bthen\b|\bfirst\b|$)", sentence, re.I)
        if condition and not set(stems(condition.group(1))) & set(stems(text)):
            continue
        for tool in tools:
            spoken = rf"|\b{re.escape(' '.join(name_words(tool.name)))}\b" if first else ""
            match = re.search(rf"(?<!\w){re.escape(tool.name)}(?!\w){spoken}", sentence)
            if match:
                found.append((place, match.start(), tool))
    return [tool for _, _, tool in sorted(found, key=lambda entry: entry[:2])]


# -- handoffs ----------------------------------------------------------------------------------------------

_ROUTES = re.compile(r"\b(?:triage|route|delegate|hand ?off|transfer|direct|dispatch)", re.I)


def routes(instructions: str) -> bool:
    """Whether the agent's duty is to pass requests on."""
    return bool(_ROUTES.search(instructions))


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
_NO_PROSE = re.compile(
    r"\b(?:no|not|never|without|instead|rather than|don['’]t)\b[^.\n]{0,30}\bprose\b", re.I
)
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


# The work that only a language model does, where instructions make the whole text its material.
_WORK = re.compile(
    r"\W*(?:you are [^.]{0,60}\.\s*)?(?:you |please |always |only |your (?:job|task) is to )*"
    r"(?:translat|rewrit|paraphras|proofread|summari[sz]|classif|correct|critiqu)", re.I,
)  # fmt: skip
_TEMPLATE = re.compile(r"\{\s*\"[^{}]*\}", re.S)


def transforms(instructions: str) -> bool:
    """Whether instructions make the whole text material (`You translate to French`)."""
    return bool(_WORK.match(instructions))


def json_form(instructions: str) -> list[str]:
    """The keys of the JSON object that instructions ask for in prose; empty if they ask for none."""
    found = _TEMPLATE.search(instructions) if re.search(r"\bjson\b", instructions, re.I) else None
    return re.findall(r"\"(\w+)\"\s*:", found.group(0)) if found else []
