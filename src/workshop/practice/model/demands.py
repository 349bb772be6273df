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


def agent_for(handoffs: Sequence[Tool], text: str) -> tuple[Tool, float] | None:
    """The handoff to the agent whose name and description a text fits best, and how well; to no front desk."""
    scored = []
    for tool in handoffs:
        target = tool.handoff_target or tool.name
        if _FRONT & set(name_words(target)) or _DELEGATES.search(tool.purpose):
            continue
        fit = Fitting([]).fit(Ask(text, 0), Tool(target, tool.purpose, {}), ordered=True)
        told = {*stems(" ".join(name_words(target))), *stems(tool.purpose)} - GENERIC - {"question", "agent"}
        score = (fit.score if fit else 0.0) + len(set(shown(text, frozenset(told))))
        scored.append((tool, score))
    return max((one for one in scored if one[1] >= 1.0), key=lambda one: one[1], default=None)


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
ELSE = re.compile(
    r"\b(?:otherwise|if no tools?|if none|when no tools?|unless|else\b|if (?:you )?(?:do not|don't|cannot|can't)"
    r"|no tools? (?:is|are|fits?|needed|apply|applies)|for (?:any|every|all)thing else"
    r"|for (?:anything|everything|all|any) other|without (?:a )?tools?|not need)",
    re.I,
)


_ENDS = re.compile(r"(?<=[.!?;])\s+|\n\s*\n")
_NOT = re.compile(
    r"\b(?:no|not|nothing|never|without|neither|nor|instead|rather|avoid|skip|omit)\b|n['’]t\b", re.I
)
# A haiku for some only: `If the user asks for a poem, ...`, `For questions about the sea, ...`.
_FOR_SOME = re.compile(
    r"\W*(?:if|when|whenever|(?:for )?(?:all |any )?questions)\b(?![^,]*\b(?:anything|everything|whatever)\b)"
    r"[^,]*\b(?:about|(?:asks?|asked|wants?) for|wants?)\b", re.I,
)  # fmt: skip
_EXCEPT = re.compile(
    r"\bhaikus?\b[^.]*\b(?:unless|except (?:for|when|if)|only (?:when|if|for)|if (?:the|a) (?:question|user))\b"
    r"(?![^.]*\b(?:tools?|else|other|not|no|none)\b)", re.I,
)  # fmt: skip
# What comes beside a haiku: something above or below it, or an answer of another form.
_BESIDE = re.compile(
    r"\b(?:add|give|put|write|include|start|begin|open|followed|with|and|plus)\b[^.\n]{0,30}"
    r"\b(?:title|heading|headline|explanation|translation|emojis?|comment|summary|greeting|signature)\b"
    r"|\b(?:then|and|also|afterwards)\b,? (?:\w+ ){0,2}(?:explain|interpret|translate|comment)\w*\b"
    r"(?!.*\b(?:in|as|with) an? haiku)"
    r"|\b(?:then|and|also|afterwards)\b[^.\n]{0,40}\bwhat (?:it|the haiku|the poem) means\b"
    r"|\b(?:end|finish|close|conclude)\w*\b[^.\n]{0,30}\bwith (?:an? |one )?(?:\w+ )?haikus?\b"
    r"|\badd (?:an?|one) (?:\w+ )?haiku\b|\bhaikus? (?:at the end|afterwards|below|after)\b"
    r"|\bfollowed by (?:an?|one) (?:\w+ )?haiku\b", re.I | re.S,
)  # fmt: skip
_ANSWERED = re.compile(
    r"\b(?:answer|reply|respond)\b.*\b(?:first|briefly|normally|plainly|helpfully|in (?:full|detail)|sentences?"
    r"|paragraphs?)\b", re.I | re.S,
)  # fmt: skip


def wants_haiku(text: str) -> bool:
    """Whether a text asks for haiku, by the name or by the form, does not forbid them, and wants no prose as well."""
    prose = _PROSE.search(text) and not _NO_PROSE.search(text)
    asked = any(
        HAIKU.search(sentence)
        and not _EXCEPT.search(sentence)
        and (ELSE.search(sentence) or not _FOR_SOME.match(sentence))
        for sentence in _ENDS.split(text)
    )
    return asked and not _NO_HAIKU.search(text) and not prose


def wants_more_than_haiku(instructions: str) -> bool:
    """Whether instructions that name no other case want something beside a haiku, such as a title."""
    if ELSE.search(instructions):
        return False
    for sentence in _ENDS.split(instructions):
        beside = _BESIDE.search(sentence)
        if beside and not _NOT.search(sentence[: beside.end()]):
            return True
        if not HAIKU.search(sentence) and _ANSWERED.search(sentence) and not _NOT.search(sentence):
            return True
    return False


# Instructions that make the whole text the material of a language model (`You translate to French`).
MATERIAL = re.compile(
    r"\W*(?:you are [^.]{0,60}\.\s*)?(?:you |please |always |only |your (?:job|task) is to )*"
    r"(?:translat|rewrit|paraphras|proofread|summari[sz]|classif|correct|critiqu|turn|convert|encod|decod)", re.I,
)  # fmt: skip
_KEYS = re.compile(r"\b(?:keys?|fields?|properties)\b[^.]*", re.I)
_TEMPLATE = re.compile(r"\{\s*\"[^{}]*\}", re.S)


def json_form(instructions: str) -> list[str]:
    """The keys of the JSON object that instructions ask for in prose; empty if they ask for none."""
    found, named = _TEMPLATE.search(instructions), _KEYS.search(instructions)
    written = found[0] if found else re.sub(r"[\"'`](\w+)[\"'`]", r'"\1":', named[0]) if named else ""
    return re.findall(r"\"(\w+)\"\s*:", written) if "json" in instructions.lower() else []
