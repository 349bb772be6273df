"""Payments that people decide on: the bank they are made in, and what the model is told of them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from workshop.checks.bench import Bench, NotYet
from workshop.checks.books import Books, moves_so_far, moves_told

Moves = list[tuple[str, str, int]]

_SAID_NO = "a person said no"
"""The course's own words for a rejection."""

_PAID = re.compile(r"\bPaid \d+ to ")
"""What the activity says of a payment that it has made."""


def open_bank(bench: Bench, *payees: str) -> Books:
    """The bank, with money in the fund and none elsewhere; the payees are Ana and Bob, unless given."""
    books = Books(bench)
    books.open(Fund=1000, **dict.fromkeys(payees or ("Ana", "Bob"), 0))
    return books


def paid(*payments: tuple[str, int]) -> Moves:
    """What the ledger shows of payments."""
    return [
        move
        for payee, amount in payments
        for move in (("withdrawal", "Fund", amount), ("deposit", payee, amount))
    ]


async def need_nothing_paid(look: str) -> None:
    """In the child: make sure that no money has moved before anybody decided.

    Raises:
        NotYet: some has.
    """
    if moved := await moves_so_far():
        got = f"the ledger shows {moves_told(moved)}"
        raise NotYet("no payment before somebody has decided", got, look)


def judge_told(told: Mapping[str, Any], decided: Mapping[str, tuple[str, int] | None], look: str) -> None:
    """Compare what the model was told of each call with what was decided.

    Args:
        told: What it was told, by the calls' ids.
        decided: Payee and amount of each call that was paid; None for one that was rejected.
        look: Where to look if it was told something else.

    Raises:
        NotYet: of a paid one it was not told what the activity returned, or of another not why it was rejected.
    """
    for call, payment in decided.items():
        output = told.get(call)
        words = f"Paid {payment[1]} to {payment[0]}." if payment else _SAID_NO
        got = f"it was told {output!r}" if call in told else "it was told nothing of that call"
        if not isinstance(output, str) or words not in output:
            if not payment and isinstance(output, str) and _PAID.search(output):
                raise NotYet(
                    "a payment that was rejected not to be made", f"the model was told {output!r}", look
                )
            what = "what the activity returned" if payment else "why it was not paid"
            raise NotYet(f"the model to be told {what}: {words!r}", got, look)
        if not payment and "Decision(" in output:
            raise NotYet(f"the model to be told the `why` of the decision: {words!r}", got, look)
