"""Facts the user told about themselves, and the questions that ask for them again."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

_NAMES = r"([A-ZÀ-Þ][\w'’-]*(?:\s+(?!I\b)[A-ZÀ-Þ][\w'’-]*)*|[a-zà-ÿ][\w'-]*)"
# key: (how it is told, how it is asked for, how it is said)
_FACTS = {
    "name": (
        re.compile(
            rf"\b(?i:my name is|my name's|call me|i am called)\s+{_NAMES}"
            r"|\b(?i:i'm|i am|this is)\s+(?!I\b)([A-ZÀ-Þ][a-zà-ÿ]+)(?=[,.!]|\s*$|\s+and\b|\s+here\b)"
        ),
        re.compile(r"\bmy name\b|\bwho am i\b|\bwhat am i called\b", re.I),
        "Your name is {0}.",
    ),
    "home": (
        re.compile(
            r"\b(?i:i(?: currently)? live in|i(?: am|'m) (?:based|living) in|my (?:home ?)?(?:town|city) is)\s+"
            + _NAMES
        ),
        re.compile(
            r"\bwhere do i live\b|\b(?:tell me|know|remember|say) where i live\b|\b(?:which|what) city do i live in\b"
            r"|\bmy (?:hometown|home city)\b",
            re.I,
        ),
        "You live in {0}.",
    ),
}
_TOLD_ANY = re.compile(
    r"(?<!what is )(?<!what's )(?<!where is )(?<!when is )(?<!who is )"
    r"\bmy\s+(?!name\b)((?:favou?rite\s+)?[a-z][\w'-]*(?:\s+[a-z][\w-]*){0,2}?)\s+(?:is|was|are)\s+"
    r"(?:called\s+|named\s+)?([^.,;!?\n]{1,80}?)(?=[.,;!?\n]|\s+and\b|$)",
    re.I,
)
_ASKS_ANY = re.compile(
    r"\b(?:what(?:'s| is| was|s| are)|tell me|say|remember|know|recall|who(?:'s| is)|which (?:is|was))\s+"
    r"(?:what\s+)?my\s+([\w' -]+?)(?:\s+(?:is|was|again)\b.*)?\s*[?.!,]*\s*$",
    re.I,
)
_ASKING = re.compile(r"\?|^\W*(?:what|who|where|how|tell|say|do you|which|remember)", re.I)


@lru_cache(maxsize=1024)
def _told_in(text: str) -> dict[str, str]:
    facts: dict[str, str] = {}
    for key, (told, _, _) in _FACTS.items():
        if match := told.search(text):
            value = str(match[match.lastindex or 0]).strip(" .")
            facts[key] = value.title() if value.islower() else value
    for match in _TOLD_ANY.finditer(text):
        facts[match.group(1).lower().replace("favourite", "favorite")] = match.group(2).strip()
    return facts


def remembered(texts: Sequence[str]) -> dict[str, str]:
    """The simple facts a user told about themselves, by key; a later one replaces an earlier one."""
    return {key: value for text in texts for key, value in _told_in(text[:2000]).items()}


def told(facts: Mapping[str, str]) -> str:
    """Facts, said to the one who told them."""
    return " ".join(_sentence(key).format(value) for key, value in facts.items())


def _sentence(key: str) -> str:
    return _FACTS[key][2] if key in _FACTS else f"Your {key} is {{0}}."


def recall(facts: Mapping[str, str], text: str) -> str | None:
    """The answer to a question for something that was told before; None if the text asks for none."""
    said: list[str] = []
    for part in re.split(r"(?<=[.!?])\s+|\s+and\s+(?=where|what|who|how)", text) if len(text) <= 600 else ():
        other = _ASKS_ANY.search(part)
        keys = [key for key, (_, asks, _) in _FACTS.items() if asks.search(part)]
        keys = keys or ([other.group(1).lower().replace("favourite", "favorite")] if other else [])
        for key in keys if _ASKING.search(part) else ():
            if key in facts:
                said.append(_sentence(key).format(facts[key]))
            elif key == "name" or key.startswith("favorite"):
                said.append(f"You have not told me your {key} in this conversation.")
    return " ".join(dict.fromkeys(said)) or None
