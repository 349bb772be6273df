"""The practice bank: accounts, withdrawals and deposits over HTTP, as plain async functions.

What an activity of the transfer calls::

    receipt = await withdraw("alice", 30, key="transfer-1-withdrawal")

An error is one of two: :class:`BankUnavailable`, where another attempt may succeed, and :class:`BankRefused`,
where none will. Without a key, an attempt that is repeated may move the money twice.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeVar
from urllib.parse import quote

import httpx2
from pydantic import TypeAdapter, ValidationError

from workshop.tools.fetch import ServiceError, decode, fetch, fetch_now

_JSON = "application/json, application/problem+json"
_LATER = frozenset({408, 425, 429})  # 4xx, and yet worth another attempt (RFC 9110, RFC 6585, RFC 8470)
_Told = TypeVar("_Told")


class BankUnavailable(RuntimeError):
    """The bank gave no answer, half of one, or one that says that it is at fault: worth another attempt.

    The money may have moved all the same: the answer that was lost may have been the receipt.

    Attributes:
        retry_after: Seconds the bank asked us to wait; None if it did not say.
    """

    def __init__(self, message: str, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class BankRefused(RuntimeError):
    """The bank understood and said no: nothing has moved, and asking again will not help.

    Attributes:
        code: Why: ``insufficient_funds``, ``unknown_account``, ``invalid_amount``, ``key_reused``,
            ``invalid_key``, ``invalid_name``, ``too_many_accounts``, or another word of the bank's.
    """

    def __init__(self, message: str, code: str = "refused") -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True)
class Receipt:
    """What the bank says of money it has moved.

    Attributes:
        entry: The number of the entry in the bank's ledger.
        kind: Which way the money went.
        account: Whose money.
        amount: How much.
        balance: What the account held afterwards.
        repeated: Whether an earlier request with the same key had moved it, so that this one moved nothing.
    """

    entry: int
    kind: Literal["withdrawal", "deposit"]
    account: str
    amount: int
    balance: int
    repeated: bool = False


@dataclass(frozen=True)
class Entry:
    """One line of the ledger; ``n`` counts from 1, ``key`` says whether an idempotency key came with it."""

    n: int
    kind: Literal["opened", "withdrawal", "deposit"]
    account: str
    amount: int
    balance: int
    key: bool = False


@dataclass(frozen=True)
class Ledger:
    """Everything the bank knows of its money.

    Attributes:
        accounts: What each account holds now.
        entries: What happened, oldest first; the bank keeps the latest thousand.
        opened: What the accounts held together when they were opened.
        held: What they hold together now.
    """

    accounts: dict[str, int]
    entries: list[Entry]
    opened: int
    held: int

    @property
    def missing(self) -> int:
        """How much was lost; less than 0 if there is too much."""
        return self.opened - self.held


async def open_account(name: str, balance: int) -> None:
    """Open an account with some money in it, or set one anew.

    Raises:
        BankRefused: a name or a balance that cannot be.
        BankUnavailable: try again; a second time changes nothing.
    """
    await _ask("PUT", f"/accounts/{quote(name, safe='')}", {"balance": balance})


async def withdraw(account: str, amount: int, *, key: str | None = None) -> Receipt:
    """Take money out of an account.

    Args:
        account: Whose money.
        amount: How much, 1 or more.
        key: The same for each attempt at the same withdrawal: then it happens once.

    Raises:
        BankRefused: nothing has moved, and another attempt will not help.
        BankUnavailable: try again, with a key; it is not known whether the money has moved.
    """
    return await _move("withdrawals", account, amount, key)


async def deposit(account: str, amount: int, *, key: str | None = None) -> Receipt:
    """Put money into an account; arguments and errors are those of :func:`withdraw`."""
    return await _move("deposits", account, amount, key)


async def balances() -> dict[str, int]:
    """What each account holds. Works also while withdrawals and deposits fail.

    Raises:
        BankUnavailable: the gateway is not there.
    """
    return _read(dict[str, int], (await _ask("GET", "/accounts")).get("accounts"))


async def ledger() -> Ledger:
    """What happened to the money. Works also while withdrawals and deposits fail.

    Raises:
        BankUnavailable: the gateway is not there.
    """
    return _read(Ledger, await _ask("GET", "/ledger"))


def ledger_now() -> Ledger:
    """The same as :func:`ledger`, for code that cannot await."""
    try:
        return _read(Ledger, decode("bank", fetch_now("bank", "/ledger", accept=_JSON)))
    except ServiceError as error:
        raise _in_our_words(error) from None


async def forget() -> None:
    """Close the bank and open an empty one: no account, no ledger, no key.

    Raises:
        BankUnavailable: the gateway is not there.
    """
    await _ask("DELETE", "/accounts")


async def open_accounts(**balances: int) -> None:
    """Open an empty bank, and in it an account for each name, with that much money.

    Raises:
        BankRefused: a name or a balance that cannot be.
        BankUnavailable: the gateway is not there.
    """
    await forget()
    for name, balance in balances.items():
        await open_account(name, balance)


async def _move(
    what: Literal["withdrawals", "deposits"], account: str, amount: int, key: str | None
) -> Receipt:
    # What is not checked by Python should not fail deep inside, in words about something else.
    for name, text in {"account": account, "key": "" if key is None else key}.items():
        if not isinstance(text, str):
            raise TypeError(f"{name} must be a text, not {text!r}")
    if key is not None and not (key.isascii() and key.isprintable() and key.strip()):
        raise BankRefused(f"The bank refused: a key must be printable ASCII, not {key!r}.", "invalid_key")
    headers = {} if key is None else {"Idempotency-Key": key}
    path = f"/accounts/{quote(account, safe='')}/{what}"
    return _read(Receipt, await _ask("POST", path, {"amount": amount}, headers))


async def _ask(
    method: str, path: str, body: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None
) -> dict[str, Any]:
    try:
        response = await fetch("bank", path, accept=_JSON, method=method, body=body, headers=headers)
        return decode("bank", response)
    except ServiceError as error:
        if error.status is None and method == "POST":
            raise BankUnavailable(_no_answer(error)) from None
        raise _in_our_words(error) from None


def _no_answer(error: ServiceError) -> str:
    """What is known of a request that moves money and got no whole answer."""
    why = error.__context__
    if isinstance(why, httpx2.ConnectError):
        return str(error)
    # The library has no error of its own for this. Should its words change, the other sentence is true as well.
    if isinstance(why, httpx2.RemoteProtocolError) and "without sending a response" in str(why):
        return "The bank closed the connection without a reply."
    return "No answer from the bank: the money may have moved, or not."


def _in_our_words(error: ServiceError) -> BankUnavailable | BankRefused:
    if error.status is None or not 400 <= error.status < 500 or error.status in _LATER:
        return BankUnavailable(str(error), error.retry_after)
    code, detail = error.document.get("code"), error.document.get("detail")
    if not isinstance(code, str) or not isinstance(detail, str):
        return BankRefused(str(error))
    return BankRefused(f"The bank refused: {detail.rstrip('.')} ({code}).", code)


def _read(kind: type[_Told], told: object) -> _Told:
    try:
        return TypeAdapter(kind).validate_python(told)
    except ValidationError:
        raise BankUnavailable("The bank sent an answer that cannot be read.") from None


__all__ = [
    "BankRefused",
    "BankUnavailable",
    "Entry",
    "Ledger",
    "Receipt",
    "balances",
    "deposit",
    "forget",
    "ledger",
    "ledger_now",
    "open_account",
    "withdraw",
]
