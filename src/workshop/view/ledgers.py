"""``show.ledger()``: the bank's accounts, what happened to them, and whether all the money is still there."""

from __future__ import annotations

from workshop.lab.gateway_client import GatewayError
from workshop.tools.bank import BankUnavailable, Ledger, ledger_now
from workshop.view.document import Block, Paragraph, Table, View
from workshop.view.wording import count

_EMPTY = "The bank has no accounts yet."


def read_ledger() -> View:
    """The ledger of this process's scope, now.

    Raises:
        GatewayError: the gateway does not answer.
    """
    try:
        return ledger_view(ledger_now())
    except BankUnavailable as error:
        raise GatewayError(
            f"{error} Start it: lab.start() in a notebook, or `python -m workshop up` in a terminal."
        ) from None


def ledger_view(ledger: Ledger) -> View:
    """A ledger as two tables and a last line that says whether it balances."""
    if not ledger.accounts:
        return View("Ledger", [Paragraph(_EMPTY)])
    blocks: list[Block] = [_accounts(ledger), _entries(ledger)]
    if dropped := ledger.entries[0].n - 1:
        blocks.append(Paragraph(f"Before them: {count(dropped, 'entry', 'entries')} no longer kept."))
    blocks.append(Paragraph(_verdict(ledger)))
    return View("Ledger", blocks)


def _accounts(ledger: Ledger) -> Table:
    rows = [(account, f"{balance:,}") for account, balance in ledger.accounts.items()]
    return Table("Accounts", ("account", "holds"), rows, frozenset({1}))


def _entries(ledger: Ledger) -> Table:
    return Table(
        caption="Ledger",
        header=("entry", "what", "account", "amount", "balance", "with a key"),
        rows=[
            (
                str(entry.n),
                entry.kind,
                entry.account,
                f"{entry.amount:,}",
                f"{entry.balance:,}",
                "" if entry.kind == "opened" else "yes" if entry.key else "no",
            )
            for entry in ledger.entries
        ],
        numbers=frozenset({0, 3, 4}),
    )


def _verdict(ledger: Ledger) -> str:
    sums = f"Money: {ledger.opened:,} opened, {ledger.held:,} held:"
    if ledger.missing > 0:
        return f"{sums} {ledger.missing:,} {'is' if ledger.missing == 1 else 'are'} missing."
    if ledger.missing < 0:
        return f"{sums} {-ledger.missing:,} too much."
    return f"{sums} all of it is there."


__all__ = ["ledger_view", "read_ledger"]
