"""Waiting in a test for what another process, a server or a loop does."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Callable
from typing import Any

import pytest


async def until(
    happened: Callable[[], Any], timeout: float = 15.0, told: Callable[[], str] = lambda: ""
) -> None:
    """Wait until something is true; fails the test if it does not become so.

    Args:
        happened: Asks whether it is; may return something to await.
        timeout: Seconds to wait at most.
        told: Says what is the case instead.
    """
    try:
        async with asyncio.timeout(timeout):
            while True:
                answer = happened()
                if inspect.isawaitable(answer):
                    answer = await answer
                if answer:
                    return
                await asyncio.sleep(0.05)
    except TimeoutError:
        pytest.fail(f"it did not happen within {timeout:g} s. {told()}")
