"""Which language a text is written in, and which one is wanted."""

from __future__ import annotations

import re

from workshop.practice.model.lexicon import LANGUAGE_LETTERS, LANGUAGE_WORDS, LANGUAGES
from workshop.practice.model.words import tokens

_WANTED = re.compile(
    r"\b(?:speak|talk|answer|write|reply|respond|habla|hable|parle[zr]?|sprich|continue|help me)s?\b"
    rf"[^.?!\n]{{0,25}}?\b({'|'.join(LANGUAGES)})\b",
    re.I,
)


def language_of(text: str) -> str | None:
    """The language of a text (`en`, `es`, `fr`, `de`, `it`, `pt`), by its little words; None if unsure."""
    words, lowered = tokens(text[:2000]), text[:2000].lower()
    scores = {
        code: sum(word in little for word in words)
        + 1.2 * sum(letter in lowered for letter in LANGUAGE_LETTERS.get(code, ""))
        for code, little in LANGUAGE_WORDS.items()
    }
    best = max(sorted(scores), key=lambda code: (scores[code], code == "en"))
    return best if words and scores[best] >= 1 else None


def wanted_language(text: str) -> str | None:
    """The language that a text asks to be answered in, as a code."""
    wished = _WANTED.search(text)
    return LANGUAGES[wished.group(1).lower()] if wished else None
