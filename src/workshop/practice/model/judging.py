"""Yes or no: whether a text is about what a property's name says, and its mood, with the words that show it."""

from __future__ import annotations

import re

from workshop.practice.model import arithmetic, values
from workshop.practice.model.words import STOP, bag, families, name_words, stem, tokens

Answer = tuple[bool, str]


def _stemmed(words: str) -> frozenset[str]:
    return frozenset(stem(word) for word in words.split())


_POSITIVE = _stemmed(
    """good great love excellent amazing happy wonderful best nice fantastic awesome perfect thanks thank
    glad pleased enjoy delighted"""
)
_NEGATIVE = _stemmed(
    """bad terrible hate awful worst poor angry sad horrible disappointed broken useless annoying upset
    slow rude unhappy frustrated"""
)
URGENT = re.compile(r"\b(?:urgent|asap|emergency|immediately|critical|outage|right (?:away|now))\b", re.I)


def sentiment(text: str) -> int | None:
    """1 for a friendly text, -1 for an angry one; 0 if no word tells; None if the words speak against each other."""
    words = [stem(word) for word in tokens(text)]
    good, bad = (sum(word in table for word in words) for table in (_POSITIVE, _NEGATIVE))
    if re.search(r"\b(?:not|never|isn't|wasn't|don't|didn't)\b", text, re.I) and (good or bad):
        return None
    return None if good and bad else (good > bad) - (bad > good)


_OFF = bag("off unrelated irrelevant offtopic")
_ON = bag("topic relevant scope related allowed acceptable appropriate permitted")
_PREFIX = bag(
    """is has are was does contains contain needs need should requires require asks asking mentions about
    includes include can user message query request question text input for the a an of to or and something homework"""
)
_SUBJECT = re.compile(r"\b(?:about|related to|concerning|regarding)\s+([^.!?\n]*)", re.I)


def shown(text: str, wanted: frozenset[str]) -> list[str]:
    """The words of a text that are, or mean much the same as, one of the stems that are wanted."""
    kin = {family for word in wanted for family in families(word)}
    found = []
    for word in tokens(text):
        one = stem(word.split("'")[0])
        if one in wanted or families(one) & kin:
            found.append(word)
    place, sums = families(stem("location")) & kin, families(stem("math")) & kin
    here = values.SELF_PLACE.search(text) or values.find("ip", text)
    found += ["the user's own place, or an address"] if place and here else []
    equation = arithmetic.expression(text) or re.search(r"\d\s*[a-z]\b\s*[-+*/=]|\bsolve for\b", text)
    return found + (["a sum"] if sums and equation else [])


def yes_or_no(name: str, description: str, instructions: str, text: str) -> Answer | None:
    """What a boolean of a structured output should say of a text, and why; None if no rule can tell.

    Args:
        name: The property's name (`is_about_weather`, `off_topic`).
        description: Its description, or nothing.
        instructions: The agent's instructions, which say what is checked.
        text: What the user wrote.
    """
    words = frozenset(name_words(name))
    if words & {"urgent", "emergency"}:
        return (True, "Words that press are in it.") if URGENT.search(text) else None
    off = bool(words & _OFF)
    telling = [word for word in name_words(name) if word not in _PREFIX | STOP | _OFF | _ON | {"not", "non"}]
    guide = f"{description}. {instructions}"
    if not telling and (off or words & _ON):
        subject = _SUBJECT.search(guide)
        telling = [word for word in tokens(subject.group(1)) if word not in STOP | _PREFIX] if subject else []
    elif "about" not in words and not any(families(stem(word)) for word in telling):
        return None
    if not telling:
        return None
    met = shown(text, frozenset(map(stem, telling)))
    named = " or ".join(dict.fromkeys(telling))
    said = (
        f"The text is about {named} ({', '.join(met[:4])})."
        if met
        else f"No word of the text is about {named}."
    )
    return bool(met) != (off != bool(words & {"not", "non"})), said
