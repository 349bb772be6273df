"""The language of a text, and the agent who speaks it."""

from __future__ import annotations

import pytest

from tests.practice.model.rows import Row, called, handoff, says, silent, user

LANGUAGES = [handoff("french_agent"), handoff("spanish_agent"), handoff("english_agent")]

ROWS = [
    Row(
        "French",
        "Bonjour, comment ça va?",
        [("transfer_to_french_agent", {})],
        LANGUAGES,
        "Handoff to the appropriate agent based on the language of the request.",
    ),
    Row(
        "Spanish",
        "Hola, ¿cómo estás?",
        [("transfer_to_spanish_agent", {})],
        LANGUAGES,
        "Handoff to the appropriate agent based on the language of the request.",
    ),
    Row(
        "English",
        "Hello, how are you?",
        [("transfer_to_english_agent", {})],
        LANGUAGES,
        "Handoff to the appropriate agent based on the language of the request.",
    ),
    Row(
        "after a handoff, no way back",
        [
            user("Hola, ¿cómo estás?"),
            *called("transfer_to_spanish_agent", {}, '{"assistant": "spanish_agent"}'),
        ],
        says("modelo de práctica"),
        [handoff("triage_agent")],
        "You only speak Spanish",
    ),
    Row(
        "English stays",
        "I live in New York City. Whats the population of the city?",
        silent,
        [handoff("Spanish Assistant", "A Spanish-speaking assistant.")],
        "Be a helpful assistant. If the user speaks Spanish, handoff to the Spanish assistant.",
    ),
]


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_decision(row: Row) -> None:
    row.check()
