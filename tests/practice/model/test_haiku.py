"""Haiku: when one is wanted, and that each is one."""

from __future__ import annotations

import re

import pytest

from tests.practice.model.rows import COURSE, OTHERWISE_HAIKU, Row, is_haiku
from workshop.practice.model.haiku import POEMS

ROWS = [
    Row("no tool fits: haiku", "Tell me about recursion", is_haiku, COURSE, OTHERWISE_HAIKU),
    Row(
        "haiku only",
        "Tell me about cats.",
        lambda d: is_haiku(d) and "cat" in d.text.lower(),
        instructions="You only respond in haikus.",
    ),
    Row("the user asks for one", "Write a haiku about recursion in programming.", is_haiku),
    Row(
        "a haiku about what a tool offers",
        "Write a haiku about the weather",
        is_haiku,
        COURSE,
        OTHERWISE_HAIKU,
    ),
    *(
        Row(f"a haiku, and nothing with it: {asked}", "Tell me about cats.", is_haiku, instructions=asked)
        for asked in (
            "Answer briefly\nwith a haiku. No title, no comment, and do not explain it.",
            "Whatever you are asked, explain it in a haiku.",
            "When you are asked anything, first think, then answer with a haiku.",
            "You are a poet. Whenever the user asks a question, answer with a haiku and add nothing to it.",
            "Answer everything with a haiku, without a title or an explanation.",
            "If anybody asks you about anything, reply with a haiku.",
            "Respond with a haiku instead of a normal answer.",
            "Reply with one haiku and nothing else.",
            "Answer with a haiku unless a tool fits the question.",
            "Use tools only when they fit, otherwise answer with a haiku.",
            "Answer with a haiku if the question is about something that no tool knows.",
        )
    ),
    *(
        Row(
            f"told that more is asked for: {asked}",
            "Tell me about cats.",
            lambda d: "ask for more than a haiku" in (d.text or ""),
            instructions=asked,
        )
        for asked in (
            "Answer every question with a haiku. Then explain in one or two sentences what the haiku means.",
            "Answer every question with a haiku, and then say in a sentence what it means.",
            "Always answer with a haiku. Start with a short title.",
        )
    ),
    *(
        Row(
            f"more than a haiku: {asked}",
            "Tell me about cats.",
            lambda d: not is_haiku(d),
            instructions=asked,
        )
        for asked in (
            "Answer the question in one or two sentences first. Then summarise your answer as a haiku.",
            "If the user asks for a poem, answer with a haiku. Answer all other questions briefly.",
            "Always answer with a haiku. Start with a short title, then the haiku's three lines.",
            "Answer with a haiku, then explain what it means.",
            "Answer helpfully and end with a haiku.",
            "When the question is about nature, answer with a haiku.",
            "Answer with a haiku unless the question asks for facts.",
            "Only answer with a haiku if the question is about nature.",
            "Answer with a haiku and a short explanation.",
        )
    ),
]


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_decision(row: Row) -> None:
    row.check()


def test_every_haiku_has_three_lines_of_five_seven_five() -> None:
    """By a count of vowel groups, with the words that it gets wrong listed."""
    for poem in POEMS:
        lines = poem.split(" / ")
        assert [sum(syllables(w) for w in line.split()) for line in lines] == [5, 7, 5], (
            poem,
            [[(w, syllables(w)) for w in line.split()] for line in lines],
        )


IRREGULAR = {
    "evening": 2,
    "people": 2,
    "history": 3,
    "silence": 2,
    "being": 2,
    "seven": 2,
    "something": 2,
    "mended": 2,
    "quiet": 2,
    "someone": 2,
    "science": 2,
    "idea": 3,
    "machine": 2,
    "every": 2,
    "beside": 2,
    "remembers": 3,
    "recursion": 3,
    "something's": 2,
    "reading": 2,
    "smaller": 2,
    "purse": 1,
    "moves": 1,
    "footprints": 2,
    "sometimes": 2,
    "beneath": 2,
}


def syllables(word: str) -> int:
    """A rough count of the syllables of an English word."""
    word = re.sub(r"[^a-z]", "", word.lower())
    if word in IRREGULAR:
        return IRREGULAR[word]
    count = len(re.findall(r"[aeiouy]+", word))
    silent_e = (word.endswith("e") and not word.endswith(("le", "ee", "ye", "oe"))) or word.endswith(
        ("ale", "ole", "ile", "ule")
    )
    silent_ed = word.endswith("ed") and not word.endswith(("ted", "ded", "eed"))
    silent_es = word.endswith("es") and not word.endswith(
        ("ses", "xes", "zes", "ches", "shes", "ges", "ces", "ees")
    )
    if count > 1 and (silent_e or silent_ed or silent_es):
        count -= 1
    return max(count, 1)
