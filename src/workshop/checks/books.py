"""The bank as a check sees it, from outside the learner's code, and as its probe sees it beside that code."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx2

from .outcomes import NotYet

if TYPE_CHECKING:
    from .bench import Bench


class Books:
    """The bank of one check."""

    def __init__(self, bench: Bench) -> None:
        self._url = f"{bench.settings.scope_url(bench.scope)}/bank"

    def open(self, **accounts: int) -> None:
        """Forget everything, then open accounts with a balance each."""
        httpx2.delete(f"{self._url}/accounts", trust_env=False).raise_for_status()
        for name, balance in accounts.items():
            reply = httpx2.put(f"{self._url}/accounts/{name}", json={"balance": balance}, trust_env=False)
            reply.raise_for_status()

    def moved(self, *accounts: str) -> list[tuple[str, str, int]]:
        """Withdrawals and deposits in order: kind, account, amount; of some accounts, or of all."""
        return [
            (one["kind"], one["account"], one["amount"])
            for one in self._entries()
            if one["kind"] != "opened" and (not accounts or one["account"] in accounts)
        ]

    def keyless(self) -> bool:
        """Whether any of them came without an idempotency key."""
        return any(not one["key"] for one in self._entries() if one["kind"] != "opened")

    def missing(self) -> int:
        """How much money was lost; below 0 if there is too much."""
        ledger = self._ledger()
        return int(ledger["opened"] - ledger["held"])

    def must_show(self, wanted: list[tuple[str, str, int]], look: str = "what moves the money") -> None:
        """Compare with what should have moved; where to look if it is something else.

        Raises:
            NotYet: something else has.
        """
        if self.moved() != wanted:
            raise NotYet(
                f"the ledger to show {moves_told(wanted)}",
                f"it shows {moves_told(self.moved())}",
                look,
            )

    def _entries(self) -> list[dict[str, Any]]:
        entries: list[dict[str, Any]] = self._ledger()["entries"]
        return entries

    def _ledger(self) -> dict[str, Any]:
        reply = httpx2.get(f"{self._url}/ledger", trust_env=False).raise_for_status()
        ledger: dict[str, Any] = reply.json()
        return ledger


async def moves_so_far() -> list[tuple[str, str, int]]:
    """In the child: what :meth:`Books.moved` tells outside, of all accounts."""
    from workshop.tools import bank

    return [
        (one.kind, one.account, one.amount) for one in (await bank.ledger()).entries if one.kind != "opened"
    ]


def moves_told(moved: list[tuple[str, str, int]]) -> str:
    """Withdrawals and deposits in words."""
    return ", ".join(f"{kind} {amount} {account}" for kind, account, amount in moved) or "nothing"
