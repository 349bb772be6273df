"""A caller's connection: close it without a reply, in mid-reply, and notice when the caller has gone.

Starlette's interface offers none of this, so a subclass of uvicorn's protocol hands the connection to the
application, as ``scope["state"]["connection"]``.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast

from starlette.types import Scope
from uvicorn.protocols.http.h11_impl import H11Protocol


class CallerGone(Exception):
    """The caller closed the connection before the whole reply was sent."""


class Connection:
    """One TCP connection; several calls may come over it, one after another."""

    def __init__(self, protocol: H11Protocol) -> None:
        self._protocol = protocol
        self._lost = asyncio.Event()
        self._error: Exception | None = None
        self._tasks: set[asyncio.Task[Any]] = set()

    @property
    def open(self) -> bool:
        """Whether a reply can still reach the caller."""
        return not (self._lost.is_set() or self._protocol.transport.is_closing())

    async def close(self) -> None:
        """Send what has been written, close, and wait until it is closed."""
        self._protocol.transport.close()
        await self._lost.wait()

    async def flushed(self) -> None:
        """Wait until the operating system has taken all that was written, or the connection is lost."""
        await self._protocol.flow.drain()

    async def delivered(self) -> bool:
        """After the last byte of a reply: whether all of it was taken before the connection ended."""
        if self._protocol.transport.is_closing():
            # Either the caller asked for `Connection: close`, or the last write failed.
            await self._lost.wait()
        else:
            await self.flushed()
        return self._error is None

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Stop the code inside as soon as the caller goes.

        Raises:
            CallerGone: the connection was lost while the code inside waited for something.
        """
        if self._lost.is_set():
            raise CallerGone
        task = cast("asyncio.Task[Any]", asyncio.current_task())
        self._tasks.add(task)
        try:
            yield
        except asyncio.CancelledError:
            if self._lost.is_set() and task.uncancel() == 0:
                raise CallerGone from None
            raise
        finally:
            self._tasks.discard(task)

    def lose(self, error: Exception | None) -> None:
        """Note that the connection is gone, and stop what is watched."""
        self._error = error
        self._lost.set()
        for task in self._tasks:
            task.cancel()
        self._tasks.clear()


class GatewayProtocol(H11Protocol):
    """uvicorn's HTTP protocol, which also tells the application about the connection."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Start a connection."""
        # Any unsent byte counts as unsent: `flushed` must not return while the caller is missing some.
        transport.set_write_buffer_limits(high=0)
        super().connection_made(transport)
        self._connection = Connection(self)
        self.app_state = {**self.app_state, "connection": self._connection}

    def connection_lost(self, exc: Exception | None) -> None:
        """End a connection."""
        super().connection_lost(exc)
        self._connection.lose(exc)


def connection_of(scope: Scope) -> Connection:
    """The connection over which a call came."""
    return cast(Connection, scope["state"]["connection"])


__all__ = ["CallerGone", "Connection", "GatewayProtocol", "connection_of"]
