"""What the instructions demand: calls to make first, conditions, the form of a reply."""

from __future__ import annotations

import pytest

from tests.practice.model.rows import (
    INTEGER,
    MULTIPLY,
    Row,
    admits,
    called,
    is_haiku,
    says,
    schema,
    silent,
    tool,
    user,
)

NUMBER_OUT = schema(number=INTEGER)
JOKER = "First call the `how_many_jokes` tool, then tell that many jokes."

ROWS = [
    Row(
        "the instructions are the task",
        [
            user("Generate a random number between 0 and 250."),
            *called("random_number", {"max": 250}, "37"),
            *called("transfer_to_multiply_agent", {}, '{"assistant": "Multiply Agent"}'),
        ],
        [("multiply_by_two", {"x": 37})],
        MULTIPLY,
        "Multiply the number by 2 and then return the final result.",
        {"text_format": NUMBER_OUT},
    ),
    Row("first call", "Hello", [("how_many_jokes", {})], [tool("how_many_jokes")], JOKER),
    Row(
        "first call, done",
        [user("Hello"), *called("how_many_jokes", {}, "4")],
        says("4"),
        [tool("how_many_jokes")],
        JOKER,
    ),
    Row(
        "never when told not to",
        "Hello",
        silent,
        [tool("get_secret")],
        "Never call get_secret first.",
    ),
    *(
        Row(f"haiku: {text}", "Tell me about the sea", is_haiku if wanted else admits, instructions=text)
        for text, wanted in (
            ("Answer with a poem of three lines with five, seven and five syllables.", True),
            ("Reply in three lines of 5, 7 and 5 syllables.", True),
            ("Never answer in haiku.", False),
            ("Be plain: no haiku.", False),
            ("Answer in two sentences of prose. If there is room left, add a haiku.", False),
            ("Always a haiku, never in prose.", True),
        )
    ),
]


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_decision(row: Row) -> None:
    row.check()
