"""The bank, over HTTP: set BANK_URL. Give each movement a key that all its attempts share, or it may happen twice."""

from urllib.parse import quote

from takehome_agent.services.fetch import ServiceError, fetch

_LATER = {408, 425, 429}


class BankUnavailable(RuntimeError):
    """No answer, or one that says that the bank is at fault: the money may have moved; try again, with the same key."""


class BankRefused(RuntimeError):
    """The bank said no: nothing has moved, and asking again will not help."""


async def withdraw(account: str, amount: int, *, key: str) -> None:
    """Take money out of an account."""
    await _move("withdrawals", account, amount, key)


async def deposit(account: str, amount: int, *, key: str) -> None:
    """Put money into an account."""
    await _move("deposits", account, amount, key)


async def _move(what: str, account: str, amount: int, key: str) -> None:
    path = f"/accounts/{quote(account, safe='')}/{what}"
    try:
        await fetch(
            "bank",
            path,
            accept="application/json",
            method="POST",
            body={"amount": amount},
            headers={"Idempotency-Key": key},
        )
    except ServiceError as error:
        if error.status is None or error.status >= 500 or error.status in _LATER:
            raise BankUnavailable(str(error)) from None
        raise BankRefused(str(error)) from None
