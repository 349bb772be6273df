"""What the user told about themselves (`my dog is called Rex`), and the questions that ask for it again."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

_TOLD = re.compile(
    r"(?<!what is )(?<!what's )(?<!where is )(?<!when is )(?<!who is )\b(?i:my\s+)((?i:favou?rite\s+)?[a-z][\w'-]*"
    r"(?:\s+[a-z][\w-]*){0,2}?)(?:'s|\s+(?:is|was|are))\s+(?:called\s+|named\s+)?([^.,;!?\n]{1,80}?)"
    r"(?=[.,;!?\n]|\s+and\b|$)"
)
_ASKED = re.compile(
    r"\b(?:what(?:'s| is| was|s| are)|tell me|say|remember|know|recall|who(?:'s| is)|which (?:is|was))\s+"
    r"(?:what\s+)?my\s+([\w' -]+?)(?:\s+(?:is|was|again)\b.*)?\s*[?.!,]*\s*$",
    re.I,
)


@lru_cache(maxsize=1024)
def _told_in(text: str) -> dict[str, str]:
    keys = {m: m.group(1).lower().replace("favourite", "favorite") for m in _TOLD.finditer(text)}
    return {key: match.group(2).strip() for match, key in keys.items()}


def remembered(texts: Sequence[str]) -> dict[str, str]:
    """The simple facts a user told about themselves, by key; a later one replaces an earlier one."""
    return {key: value for text in texts for key, value in _told_in(text[:2000]).items()}


def told(facts: Mapping[str, str]) -> str:
    """Facts, said to the one who told them."""
    return " ".join(f"Your {key} is {value}." for key, value in facts.items())


def recall(facts: Mapping[str, str], text: str) -> str | None:
    """The answer to a question for something that was told before; None if the text asks for none."""
    said: list[str] = []
    for part in re.split(r"(?<=[.!?])\s+|\s+and\s+(?=where|what|who|how)", text[:600]):
        asked = _ASKED.search(part)
        key = asked.group(1).lower().replace("favourite", "favorite") if asked else ""
        if key in facts:
            said.append(told({key: facts[key]}))
        elif key == "name" or key.startswith("favorite"):
            said.append(f"You have not told me your {key} in this conversation.")
    return " ".join(dict.fromkeys(said)) or None
