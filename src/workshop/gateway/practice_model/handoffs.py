"""Handoffs: which agent a text is for, by its topic and by its language."""

from __future__ import annotations

import re
from collections.abc import Sequence

from workshop.gateway.practice_model import classify
from workshop.gateway.practice_model.lexicon import (
    LANGUAGE_LETTERS,
    LANGUAGE_NAMES,
    LANGUAGE_WORDS,
    LANGUAGES,
)
from workshop.gateway.practice_model.tools import Asked, Chooser, Tool, asked
from workshop.gateway.practice_model.words import bag, name_words, stem, tokens

_FRONT = bag(
    """triage router routing orchestrator dispatcher front main coordinator supervisor manager greeter"""
)
_GENERAL = bag(
    """general other fallback default misc miscellaneous faq support helpdesk everything assistant"""
)


def language_of(text: str) -> str | None:
    """The language of a text (`en`, `es`, `fr`, `de`, `it`, `pt`), by its little words; None if unsure."""
    words = tokens(text[:2000])
    if not words:
        return None
    scores: dict[str, float] = {}
    for code, little in LANGUAGE_WORDS.items():
        scores[code] = sum(1.0 for word in words if word in little)
    lowered = text[:2000].lower()
    for code, letters in LANGUAGE_LETTERS.items():
        scores[code] += 1.2 * sum(1 for letter in letters if letter in lowered)
    best = max(sorted(scores), key=lambda code: (scores[code], code == "en"))
    if scores[best] < 1:
        return None
    if best != "en" and scores[best] <= scores["en"]:
        return "en"
    return best


def languages_of(tool: Tool) -> set[str]:
    """The languages that a handoff's name and description speak of, as codes."""
    words = {*name_words(tool.name), *tokens(tool.purpose)}
    return {LANGUAGES[word] for word in words if word in LANGUAGES}


def is_front(tool: Tool) -> bool:
    """Whether it hands back to an agent that only distributes requests."""
    return bool(_FRONT & {*name_words(tool.handoff_target or tool.name)}) or bool(
        re.search(
            r"\btriag|\bdelegate|\broute[s]? (?:the )?(?:request|customer|user)|appropriate agent",
            tool.purpose,
            re.I,
        )
    )


def by_language(handoffs: Sequence[Tool], text: str, instructions: str) -> Tool | None:
    """The handoff for the language a text is written in, or asks to be answered in."""
    spoken = language_of(text)
    speaking = [(tool, languages_of(tool)) for tool in handoffs]
    wished = re.search(
        r"\b(?:speak|talk|answer|reply|respond|habla|hable|parle[zr]?|sprich|continue|help "
        r"me)\b[^.?!]{0,25}?\b(" + "|".join(LANGUAGES) + r")\b",
        text,
        re.I,
    )
    if wished:
        spoken = LANGUAGES[wished.group(1).lower()]
    if not spoken:
        return None
    about_language = re.search(r"\blanguage\b|\bspeak", instructions, re.I)
    for tool, codes in speaking:
        if (
            spoken in codes
            and (spoken != "en" or wished or about_language)
            and not re.search("translat", tool.name + tool.purpose, re.I)
            # Several languages in one description ("Spanish and French to English") say little.
            and len(codes) <= 2
        ):
            return tool
    return None


def by_topic(handoffs: Sequence[Tool], text: str, instructions: str) -> tuple[Tool, float] | None:
    """The handoff whose name, description and mention in the instructions fit a text best, with its score."""
    if not handoffs:
        return None
    chooser = Chooser(handoffs)
    question = asked(text)
    shown = classify.topics_in(text)
    best: tuple[Tool, float] | None = None
    for tool in handoffs:
        if is_front(tool):
            continue
        score = _score(tool, chooser, question, shown, text, instructions)
        if score >= 1.0 and (best is None or score > best[1] + 1e-9):
            best = (tool, score)
    return best


def _score(
    tool: Tool, chooser: Chooser, question: Asked, shown: dict[str, float], text: str, instructions: str
) -> float:
    about = (
        f"{' '.join(name_words(tool.handoff_target or tool.name))}. {tool.purpose}. "
        f"{condition_of(tool, instructions)}"
    )
    named = classify.topics_named(about)
    by_topic = max((shown.get(topic, 0.0) for topic in named), default=0.0)
    bare = Tool(tool.handoff_target or tool.name, tool.purpose, {})
    words = (
        Chooser([bare]).score(question, bare) if len(chooser.tools) == 1 else chooser.score(question, bare)
    )
    told = {stem(w) for w in tokens(condition_of(tool, instructions))} & question.stems
    said = words.value if words.strong else 0.4 * words.value
    return 1.5 * by_topic + said + 0.8 * len(told)


def condition_of(tool: Tool, instructions: str) -> str:
    """The part of the instructions that says when to hand off to an agent, if they name it."""
    target = (tool.handoff_target or "").lower()
    if not target:
        return ""
    core = " ".join(w for w in target.replace("_", " ").split() if w not in ("agent", "the"))
    for sentence in re.split(r"[.\n;]+", instructions):
        lowered = sentence.lower().replace("_", " ")
        if core and (core in lowered or tool.name.lower().replace("_", " ") in lowered):
            return lowered.replace(core, " ")
    return ""


def general(handoffs: Sequence[Tool]) -> Tool | None:
    """The handoff for everything that fits nowhere else, if there is one."""
    for tool in handoffs:
        if {*name_words(tool.handoff_target or tool.name), *tokens(tool.purpose)} & (
            _GENERAL - {"assistant"}
        ) and not is_front(tool):
            return tool
    return None


def language_name(code: str) -> str:
    """The English name of a language code of this module's."""
    return LANGUAGE_NAMES.get(code, code)
