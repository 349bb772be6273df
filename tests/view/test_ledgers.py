"""The ledger as a table and a sentence."""

from __future__ import annotations

import pytest

from workshop import view as show
from workshop.lab.gateway_client import GatewayError
from workshop.tools.bank import Entry, Ledger
from workshop.view import ledgers


def test_the_last_line_is_in_words() -> None:
    def last(opened: int, held: int, n: int = 1) -> str:
        entries = [Entry(n, "opened", "alice", opened, opened)]
        return ledgers.ledger_view(Ledger({"alice": held}, entries, opened, held)).text()

    assert last(1_000, 999).endswith("\n\nMoney: 1,000 opened, 999 held: 1 is missing.")
    assert last(100, 130).endswith("Money: 100 opened, 130 held: 30 too much.")
    assert "\n\nBefore them: 41 entries no longer kept.\n\n" in last(1, 1, n=42)
    assert ledgers.ledger_view(Ledger({}, [], 0, 0)).text() == "The bank has no accounts yet."


def test_without_a_gateway_it_says_how_to_start_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORKSHOP_GATEWAY_PORT", "9")
    with pytest.raises(GatewayError, match=r"lab\.start\(\)"):
        show.ledger()
