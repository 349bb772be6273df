"""Handoffs: which agent a text is for, by its topic and by its language."""

from __future__ import annotations

import re
from collections.abc import Sequence

from workshop.practice.model import classify
from workshop.practice.model.languages import language_of, wanted_language
from workshop.practice.model.lexicon import LANGUAGES
from workshop.practice.model.tools import Chooser, Tool, asked
from workshop.practice.model.words import bag, name_words, stem, tokens

_FRONT = bag(
    "triage router routing orchestrator dispatcher front main coordinator supervisor manager greeter"
)
_GENERAL = bag("general other fallback default misc miscellaneous faq support helpdesk everything")
_DELEGATES = re.compile(
    r"\btriag|\bdelegate|\broutes? (?:the )?(?:request|customer|user)|appropriate agent", re.I
)


def _words(tool: Tool) -> set[str]:
    """The words of an agent's name."""
    return set(name_words(tool.handoff_target or tool.name))


def is_front(tool: Tool) -> bool:
    """Whether it hands back to an agent that only distributes requests."""
    return bool(_FRONT & _words(tool)) or bool(_DELEGATES.search(tool.purpose))


def general(handoffs: Sequence[Tool]) -> Tool | None:
    """The handoff for everything that fits nowhere else, if there is one."""
    broad = (t for t in handoffs if _GENERAL & {*_words(t), *tokens(t.purpose)} and not is_front(t))
    return next(broad, None)


def by_language(handoffs: Sequence[Tool], text: str, instructions: str) -> Tool | None:
    """The handoff for the language a text is written in, or asks to be answered in."""
    wished = wanted_language(text)
    spoken = wished or language_of(text)
    if spoken == "en" and not wished and not re.search(r"\blanguage\b|\bspeak", instructions, re.I):
        return None
    for tool in handoffs:
        words = {*name_words(tool.name), *tokens(tool.purpose)}
        codes = {LANGUAGES[word] for word in words if word in LANGUAGES}
        # Several languages in one description ("Spanish and French to English") say little.
        if spoken in codes and len(codes) <= 2 and not any(word.startswith("translat") for word in words):
            return tool
    return None


def by_topic(handoffs: Sequence[Tool], text: str, instructions: str) -> tuple[Tool, float] | None:
    """The handoff whose name, description and mention in the instructions fit a text best, with its score."""
    question, shown = asked(text), classify.topics_in(text)
    best: tuple[Tool, float] | None = None
    for tool in handoffs:
        if is_front(tool):
            continue
        target = tool.handoff_target or tool.name
        condition = condition_of(tool, instructions)
        named = classify.topics_named(f"{' '.join(name_words(target))}. {tool.purpose}. {condition}")
        words = Chooser(handoffs if len(handoffs) > 1 else []).score(question, Tool(target, tool.purpose, {}))
        score = 1.5 * max((shown.get(topic, 0.0) for topic in named), default=0.0)
        score += words.value if words.strong else 0.4 * words.value
        score += 0.8 * len({stem(word) for word in tokens(condition)} & question.stems)
        if score >= 1.0 and (best is None or score > best[1]):
            best = (tool, score)
    return best


def condition_of(tool: Tool, instructions: str) -> str:
    """The part of the instructions that says when to hand off to an agent, if they name it."""
    core = " ".join(word for word in name_words(tool.handoff_target or "") if word not in ("agent", "the"))
    for sentence in re.split(r"[.\n;]+", instructions.lower().replace("_", " ")):
        if core and core in sentence:
            return sentence.replace(core, " ")
    return ""
