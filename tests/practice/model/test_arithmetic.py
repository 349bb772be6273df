"""The arithmetic expression in a sentence, for a tool that takes one."""

from __future__ import annotations

import pytest

from tests.practice.model.rows import Row, admits, tool

CALCULATOR = [tool("calculator", "Evaluate an expression.", expression="")]

ROWS = [
    Row("a sum without a tool", "What is 12 * (3 + 4)?", admits),
    Row("a sum", "What is 12 * (3 - 4)?", [("calculator", {"expression": "12 * (3 - 4)"})], CALCULATOR),
    Row("a sum in words", "what's 15% of 80", [("calculator", {"expression": "15 / 100 * 80"})], CALCULATOR),
]


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_decision(row: Row) -> None:
    row.check()
