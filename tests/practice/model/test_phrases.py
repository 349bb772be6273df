"""The part of a sentence that a free-text parameter is about."""

from __future__ import annotations

import pytest

from tests.practice.model.rows import STRING, Row, tool

ROWS = [
    Row(
        "a word to define",
        "What does serendipity mean?",
        [("define_word", {"word": "serendipity"})],
        [tool("define_word", "Look up the definition of a word", word="")],
    ),
    Row(
        "a reminder",
        "Remind me to call mom tomorrow at 5pm",
        [("create_reminder", {"text": "call mom", "time": "5pm"})],
        [tool("create_reminder", "Create a reminder", text="", time="")],
    ),
    Row(
        "a meeting",
        "Schedule a meeting with Bob on Friday at 3pm",
        [("create_event", {"title": "meeting with Bob", "date": "Friday", "time": "3pm"})],
        [tool("create_event", "Create a calendar event", title="", date="", time="")],
    ),
    Row(
        "the thing, not the tool's words",
        "How many widgets do we have in stock?",
        [("check_inventory", {"item": "widgets"})],
        [tool("check_inventory", "Check inventory of an item", item="")],
    ),
    Row(
        "a quoted text that no word explains",
        "Reverse the string 'abc'",
        [("reverse_string", {"s": "abc"})],
        [tool("reverse_string", "Reverse a string", s="")],
    ),
    Row(
        "a list after its verb",
        "Add milk, eggs and bread to the shopping list",
        [("add_items", {"items": ["milk", "eggs", "bread"]})],
        [tool("add_items", "Add items to the shopping list", items={"type": "array", "items": STRING})],
    ),
]


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_decision(row: Row) -> None:
    row.check()
