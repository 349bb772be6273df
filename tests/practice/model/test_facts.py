"""What the user told about themselves."""

from __future__ import annotations

import pytest

from tests.practice.model.rows import ALERTS, Row, said, says, user

ROWS = [
    Row("what is told is noted", "My dog is called Rex.", says("Noted", "Rex", rule="noted")),
    Row(
        "a name is remembered",
        [user("Hi, my name is Ada."), said("Hello!"), user("What's my name?")],
        says(r"Ada", rule="remembered_fact"),
    ),
    Row("a name that was never told", "What's my name?", says("not told me")),
    Row(
        "a home is not remembered, and asked for",
        [user("I live in Texas."), said("Noted."), user("Any weather alerts where I live?")],
        says("state", rule="missing_argument"),
        [ALERTS],
    ),
]


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_decision(row: Row) -> None:
    row.check()
