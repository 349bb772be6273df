"""The bank's client where no bank is needed: what it takes, what it returns, and when nobody is there."""

from __future__ import annotations

import httpx2
import pytest

from workshop.tools import bank
from workshop.tools.bank import BankUnavailable, Receipt


async def test_arguments_that_are_no_texts_are_named() -> None:
    with pytest.raises(TypeError, match="account must be a text, not 30"):
        await bank.withdraw(30, "alice")  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="key must be a text, not 7"):
        await bank.deposit("bob", 30, key=7)  # type: ignore[arg-type]


async def test_a_receipt_passes_through_temporal() -> None:
    from temporalio.converter import DataConverter

    receipt = Receipt(3, "withdrawal", "alice", 30, 70, True)
    payloads = await DataConverter.default.encode([receipt])
    assert await DataConverter.default.decode(payloads, [Receipt]) == [receipt]


async def test_an_unreadable_receipt(monkeypatch: pytest.MonkeyPatch) -> None:
    async def odd(*_: object, **__: object) -> httpx2.Response:
        return httpx2.Response(201, json={"entry": "x"})

    monkeypatch.setattr(bank, "fetch", odd)
    with pytest.raises(BankUnavailable, match="cannot be read"):
        await bank.deposit("bob", 1)


async def test_a_bank_that_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORKSHOP_GATEWAY_PORT", "1")
    for use in (lambda: bank.deposit("bob", 30), bank.balances):
        with pytest.raises(BankUnavailable, match=r"^The bank cannot be reached right now\.$"):
            await use()
