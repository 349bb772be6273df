"""The practice bank: accounts, withdrawals and deposits, and a ledger in which lost or doubled money shows.

It exists only here, so it answers in live mode too. It keeps everything in memory, one bank a scope; who wants it
to outlive the process writes down what it tells (:attr:`Bank.noted`). Its errors are problem documents (RFC 9457)
with a ``code``; a repeated ``Idempotency-Key`` moves no money again, as in
https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/.

Nothing here waits, so that each request happens as a whole: no other can come between a balance that was read
and the balance that is written. Amounts are whole numbers in the smallest unit of the currency.
"""

from __future__ import annotations

import re
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal
from urllib.parse import unquote

from workshop.practice import json_bodies
from workshop.practice.answer import Answer, problem
from workshop.practice.json_bodies import Json

Kind = Literal["opened", "withdrawal", "deposit"]

LARGEST_AMOUNT = 10**12
MOST_ACCOUNTS = 100
MOST_ENTRIES = 1_000  # kept; their numbers go on
MOST_KEYS = 1_000
_MOVEMENTS: dict[str, Literal["withdrawal", "deposit"]] = {"withdrawals": "withdrawal", "deposits": "deposit"}
_NAME = re.compile(r"\w(?:[\w .@'-]{0,62}\w)?")
_KEY = re.compile(r"[!-~](?:[ -~]{0,253}[!-~])?")


class Refusal(Exception):
    """The bank does not do what it was asked; no money has moved.

    Args:
        status: HTTP status, 4xx.
        code: Why, for programs.
        detail: Why, in a sentence.
        headers: Further reply headers.
    """

    def __init__(self, status: int, code: str, detail: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(detail)
        self.status = status
        self.code = code
        self.detail = detail
        self.headers = headers or {}


@dataclass(frozen=True, slots=True)
class _Entry:
    n: int
    kind: Kind
    account: str
    amount: int
    balance: int
    key: bool

    def describe(self) -> Json:
        return {name: getattr(self, name) for name in ("n", "kind", "account", "amount", "balance", "key")}

    def receipt(self, *, repeated: bool) -> Json:
        told = {name: getattr(self, name) for name in ("kind", "account", "amount", "balance")}
        return {"entry": self.n, **told, "repeated": repeated}


class Bank:
    """The bank of one scope.

    Attributes:
        noted: Told of everything that has changed it, as JSON that :meth:`do` understands.
    """

    def __init__(self) -> None:
        self._made = 0
        self._balances: dict[str, int] = {}
        self._opened: dict[str, int] = {}
        self._entries: deque[_Entry] = deque(maxlen=MOST_ENTRIES)
        self._receipts: OrderedDict[str, _Entry] = OrderedDict()
        self.noted: Callable[[Json], None] = lambda _: None

    def do(self, done: Json) -> None:
        """Do once more what :attr:`noted` was told.

        Raises:
            Refusal: it cannot be done.
            KeyError: it is nothing that was told so.
        """
        match done["do"]:
            case "open":
                self.open(done["name"], done["balance"])
            case "move":
                self.move(done["kind"], done["account"], done["amount"], done["key"])
            case "clear":
                self.clear()

    def accounts(self) -> Json:
        """Every account and its balance, in the order in which they were first opened."""
        return {"accounts": dict(self._balances)}

    def ledger(self) -> Json:
        """What happened, and whether the money that was brought in is still there."""
        return {
            **self.accounts(),
            "entries": [entry.describe() for entry in self._entries],
            "opened": sum(self._opened.values()),
            "held": sum(self._balances.values()),
        }

    def open(self, name: str, balance: int) -> bool:
        """Open an account, or set one anew, which also forgets the keys of its movements.

        Returns:
            Whether it is a new one.

        Raises:
            Refusal: no name for an account, an impossible balance, or too many accounts.
        """
        if not _NAME.fullmatch(name):
            detail = "An account's name has 1 to 64 letters and digits, and between them also . _ - @ ' and spaces."
            raise Refusal(400, "invalid_name", detail)
        _check_amount("balance", balance, least=0)
        new = name not in self._balances
        if new and len(self._balances) >= MOST_ACCOUNTS:
            raise Refusal(422, "too_many_accounts", f"There are already {MOST_ACCOUNTS} accounts.")
        for key in [key for key, entry in self._receipts.items() if entry.account == name]:
            del self._receipts[key]
        self._balances[name] = self._opened[name] = balance
        self._enter("opened", name, balance, key=False)
        self.noted({"do": "open", "name": name, "balance": balance})
        return new

    def move(
        self, kind: Literal["withdrawal", "deposit"], account: str, amount: int, key: str | None
    ) -> Json:
        """Withdraw or deposit, once for each of the latest thousand keys; the receipt.

        Raises:
            Refusal: nothing has moved. A refused request leaves its key unused.
        """
        _check_amount("amount", amount, least=1)
        if key is not None and not _KEY.fullmatch(key):
            raise Refusal(400, "invalid_key", "An Idempotency-Key has 1 to 255 printable ASCII characters.")
        if key is not None and key in self._receipts:
            before = self._receipts[key]
            if (before.kind, before.account, before.amount) != (kind, account, amount):
                raise Refusal(422, "key_reused", "This Idempotency-Key was used with another request.")
            return before.receipt(repeated=True)
        if account not in self._balances:
            raise Refusal(404, "unknown_account", f"There is no account '{account[:64]}'.")
        change = amount if kind == "deposit" else -amount
        if self._balances[account] + change < 0:
            held = self._balances[account]
            raise Refusal(
                422, "insufficient_funds", f"The account '{account}' holds {held}, less than {amount}."
            )
        self._balances[account] += change
        # From here on the money has moved, whatever becomes of the reply.
        entry = self._enter(kind, account, amount, key=key is not None)
        if key is not None:
            self._receipts[key] = entry
            if len(self._receipts) > MOST_KEYS:
                self._receipts.popitem(last=False)
        self.noted({"do": "move", "kind": kind, "account": account, "amount": amount, "key": key})
        return entry.receipt(repeated=False)

    def _enter(self, kind: Kind, account: str, amount: int, *, key: bool) -> _Entry:
        self._made += 1
        entry = _Entry(self._made, kind, account, amount, self._balances[account], key)
        self._entries.append(entry)
        return entry

    def clear(self) -> None:
        """Forget everything."""
        self._made = 0
        for kept in (self._balances, self._opened, self._entries, self._receipts):
            kept.clear()
        self.noted({"do": "clear"})


def moves_money(method: str, path: str) -> bool:
    """Whether a request is a withdrawal or a deposit: only these can fail on purpose and are metered.

    Accounts can be opened and the ledger read also while the bank is broken: they are how one sees that it is.
    """
    parts = _parts(path)
    return method == "POST" and len(parts) == 3 and parts[0] == "accounts" and parts[2] in _MOVEMENTS


def answer(bank: Bank, method: str, path: str, body: bytes, key: str | None) -> Answer:
    """Answer a request.

    Args:
        bank: The scope's bank.
        method: HTTP method.
        path: What follows ``/bank`` in the address, escaped as it was sent.
        body: The request's body.
        key: Its ``Idempotency-Key``.
    """
    try:
        status, told, summary = _answer(bank, method, _parts(path), body, key)
    except Refusal as refusal:
        refused = problem("bank", refusal.status, refusal.detail, refusal.code)
        return replace(refused, headers=refusal.headers, summary=f"refused: {refusal.code}")
    return Answer(status, "application/json", json_bodies.dump(told), summary=summary)


def _answer(bank: Bank, method: str, parts: list[str], body: bytes, key: str | None) -> tuple[int, Json, str]:
    match parts:
        case ["accounts"]:
            _allow(method, "GET", "DELETE")
            if method == "DELETE":
                bank.clear()
            return 200, bank.accounts(), "reads the balances"
        case ["ledger"]:
            _allow(method, "GET")
            return 200, bank.ledger(), "reads the ledger"
        case ["accounts", name]:
            _allow(method, "PUT")
            balance = _read(body).get("balance")
            new = bank.open(name, balance)  # type: ignore[arg-type]  # checked there
            return 201 if new else 200, {"account": name, "balance": balance}, f"opens {name}"
        case ["accounts", name, movements] if movements in _MOVEMENTS:
            _allow(method, "POST")
            kind = _MOVEMENTS[movements]
            amount = _read(body).get("amount")
            receipt = bank.move(kind, name, amount, key)  # type: ignore[arg-type]  # checked there
            summary = f"{kind} of {amount} {'from' if kind == 'withdrawal' else 'to'} {name}"
            return 201, receipt, f"{summary}, a repeat: moved nothing" if receipt["repeated"] else summary
    detail = (
        "The bank knows accounts, accounts/{name}, accounts/{name}/withdrawals and /deposits, and ledger."
    )
    raise Refusal(404, "unknown_address", detail)


def _parts(path: str) -> list[str]:
    # Split before unescaping: an escaped slash belongs to a name.
    return [unquote(part) for part in path.removeprefix("/").split("/")]


def _allow(method: str, *allowed: str) -> None:
    if method not in allowed:
        wanted = ", ".join(allowed)
        raise Refusal(
            405, "method_not_allowed", f"{method} is not allowed here: use {wanted}.", {"allow": wanted}
        )


def _read(body: bytes) -> Json:
    try:
        return json_bodies.read(body)
    except json_bodies.BodyError as error:
        raise Refusal(400, "invalid_json", str(error)) from None


def _check_amount(name: str, value: object, *, least: int) -> None:
    # True is an int to Python, and 30.0 would be one to JSON: neither is an amount of money.
    if type(value) is not int or not least <= value <= LARGEST_AMOUNT:
        detail = f"'{name}' must be a whole number from {least} to {LARGEST_AMOUNT:,}."
        raise Refusal(400, "invalid_amount", detail)


__all__ = ["Bank", "Refusal", "answer", "moves_money"]
