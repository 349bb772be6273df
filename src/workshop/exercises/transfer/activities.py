"""The two activities of a transfer, each called by itself."""

from __future__ import annotations

import asyncio
import inspect
import time
from types import ModuleType

from workshop.checks.bench import Bench, NotYet, describe, place_of
from workshop.checks.books import Books, moves_told
from workshop.checks.registry import exercise
from workshop.checks.workflows import need_activity

_DOCS = "https://docs.temporal.io/develop/python"


@exercise(
    proves="Each activity moved money at the bank, once.",
    hints=(
        "Compare with plain.py: which line of it belongs into which activity?",
        "`@activity.defn` above an `async def withdraw(account: str, amount: int) -> None`: "
        f"{_DOCS}/activities/basics",
        "@activity.defn\nasync def withdraw(account: str, amount: int) -> None:\n    await bank.withdraw(...)",
    ),
    timeout=60,
)
async def activities(bench: Bench) -> str:
    """Both are activities, and each does what its name says."""
    books = Books(bench)
    for name, kind, account, amount in (
        ("withdraw", "withdrawal", "alice", 30),
        ("deposit", "deposit", "bob", 20),
    ):
        books.open(alice=100, bob=0)
        await bench.run(_probe_activity, name, account, amount)
        moved = books.moved()
        if moved != [(kind, account, amount)]:
            raise NotYet(
                f"{name}({account!r}, {amount}) to make one {kind} of {amount}, {account}",
                f"the bank's ledger shows {moves_told(moved)}",
                f"`{name}`: `await bank.{name}(account, amount)`",
            )
    return ""


async def _probe_activity(module: ModuleType, name: str, account: str, amount: int) -> None:
    from temporalio.testing import ActivityEnvironment

    function = need_activity(module, name)
    paused = asyncio.ensure_future(_longest_pause())
    returned = await ActivityEnvironment().run(function, account, amount)
    paused.cancel()
    if inspect.iscoroutine(returned):
        raise NotYet(f"`{name}` to await what the bank does", describe(returned), place_of(module, function))
    if await paused > _PATIENCE:
        raise NotYet(
            "an activity that lets others run while it waits",
            f"`{name}` held up all others of its worker for {await paused:.0f} seconds",
            f"{place_of(module, function)}: `await asyncio.sleep(...)` lets them, `time.sleep(...)` does not",
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
