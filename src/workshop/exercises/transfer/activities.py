"""The two activities of a transfer, each called by itself."""

from __future__ import annotations

import asyncio
import inspect
import time
import typing
from types import ModuleType
from typing import Any

from workshop.checks.bench import Bench, NotYet, describe, place_of
from workshop.checks.books import Books, moves_so_far, moves_told
from workshop.checks.outages import made_final
from workshop.checks.registry import exercise
from workshop.checks.suspects import catcher_in
from workshop.checks.workflows import need_activity
from workshop.tools import bank

_DOCS = "https://docs.temporal.io/develop/python"


@exercise(
    proves="Each activity moves the money exactly once, and raises an error when it cannot.",
    hints=(
        "Compare with plain.py: which of its lines belongs in which activity?",
        "`@activity.defn` above an `async def withdraw(account: str, amount: int) -> None`: "
        f"{_DOCS}/activities/basics",
        "@activity.defn\nasync def withdraw(account: str, amount: int) -> None:\n    await bank.withdraw(...)",
    ),
    timeout=60,
)
async def activities(bench: Bench) -> str:
    """Both are activities, each does what its name says, and raises when the bank refuses or is closed."""
    books = Books(bench)
    books.open(alice=100, bob=100)
    amount = bench.fresh.amount(11, 39)
    calls = [("withdraw", "alice", amount), ("deposit", "bob", amount + 1)]
    # The same once more: another transfer of the same amount is not a repetition of the first.
    twice = [*calls, *calls]
    # A move takes a moment, so that an activity which does not wait for it has returned before.
    with bench.fault("bank", "delay", delay=0.2):
        moved = await bench.run(_probe_moves, twice)
    for number, ((name, account, much), moves) in enumerate(zip(twice, moved, strict=True)):
        kind = "withdrawal" if name == "withdraw" else "deposit"
        if [tuple(one) for one in moves] != [(kind, account, much)]:
            raise NotYet(
                f"{name}({account!r}, {much}) to make one {kind} of {much}, {account}, before it returns"
                + (", when it is called once more, too" if number >= len(calls) else ""),
                f"the bank's ledger shows {moves_told([tuple(one) for one in moves])}",
                f"`{name}`: `await bank.{name}(account, amount)`",
            )
    await bench.run(
        probe_errors, [("withdraw", "alice", 1000), ("deposit", "nobody", 1)], "the bank refuses it"
    )
    with bench.fault("bank", "refuse") as closed:
        await bench.run(probe_errors, calls, CLOSED)
        requests = closed.hits
    if requests > len(calls):
        raise NotYet(
            "one request in each attempt of an activity: trying again is Temporal's",
            f"{requests} requests to a closed bank in {len(calls)} attempts",
            "the bodies of `withdraw` and `deposit`: what is repeated there",
        )
    return ""


CLOSED = "the bank is closed"
"""Why an activity must raise, so that it is tried again."""


async def _probe_moves(module: ModuleType, calls: list[tuple[str, str, int]]) -> list[list[Any]]:
    """What each call has moved by the time it returns."""
    for name in ("withdraw", "deposit"):
        _need_types(module, need_activity(module, name))
    moved = []
    for name, account, amount in calls:
        before = len(await moves_so_far())
        await _called(module, name, account, amount)
        moved.append((await moves_so_far())[before:])
    return moved


async def probe_errors(module: ModuleType, calls: list[tuple[str, str, int]], why: str) -> None:
    """A probe: each call of an activity (its name, the account, the amount) must raise; ``why``, for the message."""
    for name, account, amount in calls:
        function = need_activity(module, name)
        kind = bank.BankUnavailable if why == CLOSED else bank.BankRefused
        try:
            returned = await _called(module, name, account, amount)
        except NotYet:
            raise
        except Exception as error:
            if why == CLOSED and (final := made_final(error)):
                raise NotYet(
                    f"{name}({account!r}, {amount}) to raise an error that is tried again when {why}",
                    final,
                    f"{place_of(module, function)}: let the bank's error out",
                ) from None
            continue
        raise NotYet(
            f"{name}({account!r}, {amount}) to raise an error when {why}, so that Temporal tries it again"
            " or the transfer fails",
            f"it returned {describe(returned)}, as if the money had moved",
            f"{catcher_in(function, kind) or place_of(module, function)}: do not catch the bank's error",
        )


async def _called(module: ModuleType, name: str, account: str, amount: int) -> Any:
    from temporalio.testing import ActivityEnvironment

    function = need_activity(module, name)
    paused = asyncio.ensure_future(_longest_pause())
    try:
        returned = await ActivityEnvironment().run(function, account, amount)
    finally:
        paused.cancel()
    if inspect.iscoroutine(returned):
        raise NotYet(f"`{name}` to await what the bank does", describe(returned), place_of(module, function))
    if await paused > _PATIENCE:
        raise NotYet(
            "an activity that lets others run while it waits",
            f"`{name}` blocked all other activities of its worker for {await paused:.0f} seconds",
            f"{place_of(module, function)}: `await asyncio.sleep(...)` lets them run, `time.sleep(...)` does not",
        )
    return returned


def _need_types(module: ModuleType, function: Any) -> None:
    """An account is a text and an amount a number: Temporal gives an activity what its type hints say, or fails."""
    hints = typing.get_type_hints(function)
    names = list(inspect.signature(function).parameters)
    if len(names) != 2:
        raise NotYet(
            f"`{function.__name__}(account, amount)`",
            f"{len(names)} parameters: {', '.join(names) or 'none'}",
            place_of(module, function),
        )
    if any(hints.get(name, kind) not in (kind, Any) for name, kind in zip(names, (str, int), strict=True)):
        given = (
            f"{name}: {getattr(hints[name], '__name__', hints[name])}" if name in hints else name
            for name in names
        )
        raise NotYet(
            f"`{function.__name__}(account: str, amount: int)`, in this order",
            f"`{function.__name__}({', '.join(given)})`",
            place_of(module, function),
        )


_PATIENCE = 3.0
"""Seconds without a turn of the event loop for which no machine is too slow."""


async def _longest_pause() -> float:
    """The longest time between two turns of the event loop, until it is cancelled."""
    longest, seen = 0.0, time.monotonic()
    while True:
        try:
            await asyncio.sleep(0.05)
        except asyncio.CancelledError:
            return max(longest, time.monotonic() - seen)
        longest, seen = max(longest, time.monotonic() - seen), time.monotonic()
