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
    r"|\b(?:then|and|also|afterwards)\b,? (?:\w+ ){0,2}(?:explain|interpret|translate|comment)\w*\b(?!.*\bhaiku)"
    r"|\b(?:end|finish|close|conclude)\w*\b[^.\n]{0,30}\bwith (?:an? |one )?(?:\w+ )?haikus?\b"
    r"|\badd (?:an?|one) (?:\w+ )?haiku\b|\bhaikus? (?:at the end|afterwards|below|after)\b"
    r"|\bfollowed by (?:an?|one) (?:\w+ )?haiku\b", re.I | re.S,
)  # fmt: skip
_ANSWERED = re.compile(
    r"\b(?:answer|reply|respond)\b.*\b(?:first|briefly|normally|plainly|helpfully|in (?:full|detail)|sentences?"
    r"|paragraphs?)\b", re.I | re.S,
)  # fmt: skip


def wants_only_haiku(instructions: str) -> bool:
    """Whether every reply is to be a haiku, not only those for which no tool fits."""
    return (
        wants_haiku(instructions)
        and not _ELSE.search(instructions)
        and not wants_more_than_haiku(instructions)
    )


def wants_haiku(text: str) -> bool:
    """Whether a text asks for haiku, by the name or by the form, does not forbid them, and wants no prose as well."""
    prose = _PROSE.search(text) and not _NO_PROSE.search(text)
    asked = any(
        HAIKU.search(sentence)
        and not _EXCEPT.search(sentence)
        and (_ELSE.search(sentence) or not _FOR_SOME.match(sentence))
        for sentence in _ENDS.split(text)
    )
    return asked and not _NO_HAIKU.search(text) and not prose


def wants_more_than_haiku(instructions: str) -> bool:
    """Whether instructions that name no other case want something beside a haiku, such as a title."""
    if _ELSE.search(instructions):
        return False
    for sentence in _ENDS.split(instructions):
        beside = _BESIDE.search(sentence)
        if beside and not _NOT.search(sentence[: beside.end()]):
            return True
        if not HAIKU.search(sentence) and _ANSWERED.search(sentence) and not _NOT.search(sentence):
            return True
    return False


# What instructions may set as the work that only a language model does.
_WORK = re.compile(
    r"\b(?:you (?:only )?|your (?:job|task|role) is to |always |only )?\b(translat\w*|rewrit\w*|paraphras\w*"
    r"|proofread\w*|summari[sz]\w*"
    r"|classif\w*|correct\w*|critiqu\w*)\b", re.I,
)  # fmt: skip
_TEMPLATE = re.compile(r"\{\s*\"[^{}]*\}", re.S)


def transforms(instructions: str) -> str:
    """The verb by which instructions make the whole text material (`You translate to French`); empty if none."""
    first = re.match(
        r"\W*(?:you are [^.]{0,60}\.\s*)?(?:you |please |always |your (?:job|task) is to )*",
        instructions,
        re.I,
    )
    match = _WORK.match(instructions[first.end() if first else 0 :])
    return match.group(1) if match else ""


def json_form(instructions: str) -> list[str]:
    """The keys of the JSON object that instructions ask for in prose; empty if they ask for none."""
    found = _TEMPLATE.search(instructions) if re.search(r"\bjson\b", instructions, re.I) else None
    return re.findall(r"\"(\w+)\"\s*:", found.group(0)) if found else []
