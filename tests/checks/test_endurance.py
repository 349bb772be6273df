"""A day that passes in a moment: for whoever sleeps once, for a deadline, and for a loop of short sleeps."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from workshop.checks.endurance import let_a_day_pass


async def _sleeps() -> None:
    await asyncio.sleep(20 * 3600)


async def _sleeps_often() -> None:
    for _ in range(3600):
        await asyncio.sleep(1)


async def _has_a_deadline() -> None:
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(3600):
            await asyncio.Event().wait()


async def _cleans_up() -> None:
    try:
        await asyncio.wait_for(asyncio.Event().wait(), 3600)
    except TimeoutError:
        await asyncio.sleep(60)


async def _waits() -> None:
    await asyncio.Event().wait()


async def _shows_life() -> None:
    for _ in itertools.count():
        await asyncio.sleep(60)


@pytest.mark.parametrize(
    ("program", "ends"),
    [
        (_sleeps, True),
        (_sleeps_often, True),
        (_has_a_deadline, True),
        (_cleans_up, True),
        (_waits, False),
        (_shows_life, False),
    ],
)
async def test_what_is_due_within_a_day_happens(
    program: Callable[[], Coroutine[Any, Any, None]], ends: bool
) -> None:
    working = asyncio.ensure_future(program())
    await asyncio.sleep(0)
    await let_a_day_pass()
    assert working.done() is ends
    working.cancel()
