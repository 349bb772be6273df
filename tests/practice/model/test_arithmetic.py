"""Small sums in a sentence."""

from __future__ import annotations

import pytest

from tests.practice.model.rows import Row, says

ROWS = [
    Row("a sum", "What is 12 * (3 + 4)?", says("84", rule="small_sum")),
    Row("a sum in words", "what's 15% of 80", says(r"\b12\b")),
]


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_decision(row: Row) -> None:
    row.check()
