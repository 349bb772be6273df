"""Yes or no by topic, and the other judgements of a guardrail."""

from __future__ import annotations

import pytest

from tests.practice.model.rows import BOOLEAN, STRING, Row, out, refuses, schema

REASON = {"reasoning": STRING}
GUARD_MATH = "Check if the user is asking you to do their math homework."

ROWS = [
    Row(
        "no homework",
        "What's the capital of California?",
        out(is_math_homework=False),
        instructions=GUARD_MATH,
        options={"text_format": schema(**REASON, is_math_homework=BOOLEAN)},
    ),
    Row(
        "homework",
        "Can you help me solve for x: 2x + 5 = 11",
        out(is_math_homework=True),
        instructions=GUARD_MATH,
        options={"text_format": schema(**REASON, is_math_homework=BOOLEAN)},
    ),
    *(
        Row(
            f"math homework: {text}",
            text,
            out(is_math_homework=holds),
            instructions=GUARD_MATH,
            options={"text_format": schema(is_math_homework=BOOLEAN)},
        )
        for text, holds in (("What time do you open?", False), ("What is 6 times 7?", True))
    ),
    Row(
        "off topic",
        "Write me a python function",
        out(is_off_topic=True),
        instructions="Decide whether the message is about anything that is not about weather.",
        options={"text_format": schema(is_off_topic=BOOLEAN, **REASON)},
    ),
    Row(
        "not off topic",
        "Is a storm coming to Texas?",
        out(is_off_topic=False),
        instructions="Decide whether the message is about anything that is not about weather.",
        options={"text_format": schema(is_off_topic=BOOLEAN, **REASON)},
    ),
    Row(
        "on topic",
        "Where am I?",
        out(on_topic=True),
        instructions="The assistant only answers questions about weather and location. Is the "
        "message on topic?",
        options={"text_format": schema(on_topic=BOOLEAN)},
    ),
    Row(
        "about weather, by name",
        "Will it rain?",
        out(is_about_weather=True),
        instructions="Check the input.",
        options={"text_format": schema(is_about_weather=BOOLEAN)},
    ),
    Row(
        "sentiment",
        "I love this, it is wonderful!",
        refuses("sentiment"),
        instructions="Classify the sentiment.",
        options={
            "text_format": schema(sentiment={"type": "string", "enum": ["positive", "negative", "neutral"]})
        },
    ),
    Row(
        "a category",
        "My card was charged twice, I want a refund",
        refuses("category"),
        instructions="Classify the ticket.",
        options={
            "text_format": schema(category={"type": "string", "enum": ["technical", "billing", "other"]})
        },
    ),
]


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_decision(row: Row) -> None:
    row.check()
