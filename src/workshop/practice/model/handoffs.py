"""Handoffs: which agent a text is for."""

from __future__ import annotations

import re
from collections.abc import Sequence

from workshop.practice.model.asks import Ask
from workshop.practice.model.fit import Fitting
from workshop.practice.model.judging import shown
from workshop.practice.model.tools import Tool
from workshop.practice.model.words import GENERIC, bag, name_words, stem, stems, tokens

_FRONT = bag(
    "triage router routing orchestrator dispatcher front main coordinator supervisor manager greeter"
)
_GENERAL = bag("general other fallback default misc miscellaneous faq support helpdesk everything")
_DELEGATES = re.compile(
    r"\btriag|\bdelegate|\broutes? (?:the )?(?:request|customer|user)|appropriate agent", re.I
)


def _words(tool: Tool) -> set[str]:
    return set(name_words(tool.handoff_target or tool.name))


def is_front(tool: Tool) -> bool:
    """Whether it hands back to an agent that only distributes requests."""
    return bool(_FRONT & _words(tool)) or bool(_DELEGATES.search(tool.purpose))


def general(handoffs: Sequence[Tool]) -> Tool | None:
    """The handoff for everything that fits nowhere else, if there is one."""
    broad = (t for t in handoffs if _GENERAL & {*_words(t), *tokens(t.purpose)} and not is_front(t))
    return next(broad, None)


def by_topic(handoffs: Sequence[Tool], text: str, instructions: str) -> tuple[Tool, float, str] | None:
    """The handoff whose name, description and mention in the instructions fit a text best: score and words."""
    ask = Ask(text, 0)
    best: tuple[Tool, float, str] | None = None
    for tool in (tool for tool in handoffs if not is_front(tool)):
        target = tool.handoff_target or tool.name
        fit = Fitting([]).fit(ask, Tool(target, tool.purpose, {}), ordered=True)
        told = {*stems(" ".join(name_words(target))), *stems(tool.purpose)} - GENERIC - {"question", "agent"}
        met = shown(text, frozenset(told))
        meant = {stem(word) for word in tokens(condition_of(tool, instructions))} & ask.words.keys() - GENERIC
        score = (fit.score if fit else 0.0) + len(set(met)) + 0.8 * len(meant)
        if score >= 1.0 and (best is None or score > best[1]):
            best = (tool, score, ", ".join(dict.fromkeys([*met, *sorted(meant)]))[:80])
    return best


def condition_of(tool: Tool, instructions: str) -> str:
    """The part of the instructions that says when to hand off to an agent, if they name it."""
    core = " ".join(word for word in name_words(tool.handoff_target or "") if word not in ("agent", "the"))
    sentences = re.split(r"[.\n;]+", instructions.lower().replace("_", " "))
    return next((one.replace(core, " ") for one in sentences if core and core in one), "")
