"""What an error says would be right: the arguments for one more try."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from workshop.practice.model import json_schema, slots, values
from workshop.practice.model.conversation import Step
from workshop.practice.model.lexicon import STATE_NAMES
from workshop.practice.model.params import Param
from workshop.practice.model.tools import Tool

JSON = Any

_SUGGESTED = re.compile(
    r"(?:did you mean|use|try|instead of [^,]+, use|expected)\s*:?\s*['\"“`]([^'\"”`]{1,60})['\"”`]", re.I
)
_CHOICES = re.compile(
    r"(?:one of|choose from|(?:valid|allowed|available|supported)(?: \w+)?(?: are)?|options(?: are)?)"
    r"\s*:?\s*[\[({]?([^\])}.\n]+)",
    re.I,
)


def corrected(step: Step, tool: Tool, text: str) -> dict[str, JSON] | None:
    """The arguments that an error asks for, if the error and the text make them plain."""
    for param in tool.params:
        current = step.arguments.get(param.name)
        if isinstance(current, str):
            better = param.first(one for one in _offers(step.problem or "", current, text) if one != current)
            if better is not json_schema.MISFIT and better != current:
                return {**step.arguments, param.name: better}
    return None


def _offers(said: str, current: str, text: str) -> Iterator[JSON]:
    """What an error says in place of a value."""
    suggested = _SUGGESTED.search(said)
    if suggested:
        yield suggested.group(1)
    for code in (values.find("state", current) or values.find("state", text))[:1]:
        if re.search(r"(?:two|2).?letter|state code|abbreviat|\bcode\b", said, re.I):
            yield code
        if re.search(r"full name|spelled out|state name", said, re.I):
            yield STATE_NAMES[code]
    listed = _CHOICES.search(said)
    if listed:
        choices = [part.strip(" '\"`") for part in re.split(r",|\bor\b|\band\b|\|", listed.group(1))]
        yield slots.choice_for(Param("choice", {"enum": [c for c in choices if c]}, {}), f"{current} {text}")
    if re.search(r"yyyy-mm-dd|iso", said, re.I):
        yield from values.find("iso_date", f"{current} {text}")
