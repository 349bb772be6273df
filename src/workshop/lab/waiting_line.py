"""A line below a cell that waits: after some seconds it says for what, and how far that is.

It is there in a live notebook only; when the wait is over, it says how long it was.
"""

from __future__ import annotations

import asyncio
import contextlib
import html
import os
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

from workshop.errors import LabError

_AFTER = 3.0
"""Seconds without a sign after which a learner begins to wonder."""

_EVERY = 1.0


@contextlib.asynccontextmanager
async def telling(how_far: Callable[[], Awaitable[str]]) -> AsyncIterator[None]:
    """Say how far it is, each second, while the block waits; not in its first three seconds.

    Args:
        how_far: What is said, in plain text. A ``LabError`` of its own leaves the line as it is.
    """
    if not _is_read():
        yield
        return
    line = asyncio.ensure_future(_tell(how_far))
    try:
        yield
    finally:
        line.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await line


async def _tell(how_far: Callable[[], Awaitable[str]]) -> None:
    began = time.monotonic()
    await asyncio.sleep(_AFTER)
    from IPython.display import display

    handle: Any = display(_line("Waiting."), raw=True, display_id=True)  # type: ignore[no-untyped-call]
    try:
        while True:
            with contextlib.suppress(LabError):
                handle.update(_line(await how_far()), raw=True)
            await asyncio.sleep(_EVERY)
    finally:
        handle.update(_line(f"Waited {time.monotonic() - began:.0f} s."), raw=True)


def _line(text: str) -> dict[str, str]:
    return {"text/plain": text, "text/html": f"<i>{html.escape(text)}</i>"}


def _is_read() -> bool:
    """Whether somebody looks on: in a notebook's kernel, if its outputs are not made to be stored."""
    if os.environ.get("WORKSHOP_VIEWS") == "static" or "IPython" not in sys.modules:
        return False
    from IPython import get_ipython

    return hasattr(get_ipython(), "kernel")


__all__ = ["telling"]
