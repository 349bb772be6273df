"""What the instructions demand: tools to call first, conditions for a handoff, the form of a reply."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from workshop.practice.model import values
from workshop.practice.model.classify import is_prime
from workshop.practice.model.conversation import Step
from workshop.practice.model.tools import Tool, asked
from workshop.practice.model.words import name_words

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
        if condition and not asked(condition.group(1)).stems & asked(text).stems:
            continue
        for tool in tools:
            spoken = rf"|\b{re.escape(' '.join(name_words(tool.name)))}\b" if first else ""
            match = re.search(rf"(?<!\w){re.escape(tool.name)}(?!\w){spoken}", sentence)
            if match:
                found.append((place, match.start(), tool))
    return [tool for _, _, tool in sorted(found, key=lambda entry: entry[:2])]


# -- handoffs ----------------------------------------------------------------------------------------------

_ROUTES = re.compile(r"\b(?:triage|route|delegate|hand ?off|transfer|direct|dispatch)", re.I)
_BACK = re.compile(
    r"\b(?:transfer|hand|go|route|send)(?:\s+\w+){0,3}?\s+back\b|not related|unrelated|cannot answer|can't answer",
    re.I,
)
_CONDITION = re.compile(
    r"\b(?:if|when)\s+(?:it|the (?:\w+ )?(?:number|result|value|output|answer)|that|this)(?:'s| is| are| equals)?\s*"
    r"(?P<neg>not )?(?:(?P<kind>even|odd|prime|positive|negative|zero)"
    r"|(?P<bound>[a-z ]*?)\s*(?P<number>-?\d+(?:\.\d+)?))\s*,?\s*(?:then\s+)?(?:please\s+)?"
    r"(?:hand ?off|transfer|delegate|pass|send)[^.\n]*?\bto\b\s+(?P<target>[^.\n]+)",
    re.I,
)


def routes(instructions: str) -> bool:
    """Whether the agent's duty is to pass requests on."""
    return bool(_ROUTES.search(instructions))


def sends_back(instructions: str) -> bool:
    """Whether what is none of this agent's is to be handed back."""
    return bool(_BACK.search(instructions))


def targets_now(instructions: str, last: Step) -> Iterator[str]:
    """Whom the instructions name, in lower case, where their condition on the last result holds."""
    plain = last.data if isinstance(last.data, int | float) and not isinstance(last.data, bool) else None
    number = next(reversed(values.numbers(last.output or "")), None) if plain is None else float(plain)
    for match in _CONDITION.finditer(instructions) if number is not None else ():
        if _holds(match, number or 0.0) != bool(match["neg"]):
            yield match["target"].lower()


def _holds(condition: re.Match[str], number: float) -> bool:
    """Whether a number is even, or greater than 7, as a condition says."""
    if condition["number"]:
        limit, said = float(condition["number"]), condition["bound"].lower()
        if re.match(r"greater|more|larger|bigger|higher|above|over", said):
            return number > limit
        if re.match(r"less|smaller|lower|fewer|below|under", said):
            return number < limit
        return (
            number >= limit
            if said == "at least"
            else number <= limit
            if said == "at most"
            else number == limit
        )
    whole = int(number) if number.is_integer() else None
    return {
        "even": whole is not None and whole % 2 == 0,
        "odd": whole is not None and whole % 2 == 1,
        "prime": whole is not None and is_prime(whole),
        "positive": number > 0,
        "negative": number < 0,
        "zero": number == 0,
    }[condition["kind"].lower()]


# -- the form of a reply -----------------------------------------------------------------------------------

HAIKU = re.compile(
    r"\bhaikus?\b|\b(?:5|five)\W{1,3}(?:7|seven)(?:\W{1,3}|,? and )(?:5|five)\b(?:\W+syllables?)?", re.I
)
_NO_HAIKU = re.compile(
    r"\b(?:(?:never|do not|don['’]t|not|avoid|stop)\s+(?:\w+\s+)?|(?:no|without|not)\s+)"
    r"(?:(?:in|a|as|any|with|use|using|the|more)\s+)*haikus?\b",
    re.I,
)
_ELSE = re.compile(
    r"\b(?:otherwise|if no tools?|if none|when no tools?|unless|else\b|if (?:you )?(?:do not|don't|cannot|can't)"
    r"|no tools? (?:is|are|fits?|needed|apply|applies)|for (?:any|every|all)thing else"
    r"|for (?:anything|everything|all|any) other|without (?:a )?tools?|not need)",
    re.I,
)
_QUOTE = r"\b[^.\n\"']{0,40}\bwith\s*:?\s*[\"'“]([^\"'”\n]{1,80})[\"'”]"
_BEGIN = re.compile(rf"\b(?:begin|start|prefix){_QUOTE}", re.I)
_FINISH = re.compile(rf"\b(?:end|finish|close){_QUOTE}", re.I)
_CAPITALS = re.compile(r"\b(?:all caps|all[- ]capitals|upper ?case|capital letters)\b", re.I)


def wants_only_haiku(instructions: str) -> bool:
    """Whether every reply is to be a haiku, not only those for which no tool fits."""
    return wants_haiku(instructions) and not _ELSE.search(instructions)


def wants_haiku(text: str) -> bool:
    """Whether a text asks for haiku, by the name or by the form, and does not forbid them."""
    return bool(HAIKU.search(text)) and not _NO_HAIKU.search(text)


def shaped(instructions: str, text: str) -> str:
    """A reply in the outward form that instructions ask for: capitals, a first or a last phrase."""
    begin, finish = _BEGIN.search(instructions), _FINISH.search(instructions)
    text = f"{begin.group(1)} {text}" if begin else text
    text = f"{text} {finish.group(1)}" if finish else text
    return text.upper() if _CAPITALS.search(instructions) else text
