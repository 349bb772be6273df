"""Serves the application: one uvicorn process on loopback that ends at once when it is told to."""

from __future__ import annotations

import errno
import logging
import signal
import socket
import sys

import uvicorn

from workshop.gateway.app import create_app
from workshop.gateway.connection import GatewayProtocol
from workshop.settings import LOOPBACK, Settings

log = logging.getLogger("workshop.gateway")

KEEP_ALIVE = 75  # seconds; longer than clients keep a connection, so that they and not we close it


class PortTaken(OSError):
    """Another process listens on the port."""


class Server(uvicorn.Server):
    """uvicorn's server, which does not wait for calls that are being held."""

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End; callers see their connection closed."""
        for connection in list(self.server_state.connections):
            if connection.transport is not None:
                connection.transport.abort()
        await super().shutdown(sockets)


def listen(port: int) -> socket.socket:
    """A socket on loopback; ``port`` 0 picks a free one.

    Raises:
        PortTaken: another process listens there.
        OSError: the port cannot be had for another reason.
    """
    # asyncio turns Nagle's delay (40 ms a reply) off only for sockets that name their protocol.
    taken = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    # On Windows the same option would let two processes share the port.
    taken.setsockopt(socket.SOL_SOCKET, getattr(socket, "SO_EXCLUSIVEADDRUSE", socket.SO_REUSEADDR), 1)
    try:
        taken.bind((LOOPBACK, port))
        taken.listen(2048)
    except OSError as error:
        taken.close()
        if error.errno == errno.EADDRINUSE:
            raise PortTaken(error.errno, f"port {port} is taken") from None
        raise
    return taken


def make(settings: Settings) -> Server:
    """A server that has not been started."""
    config = uvicorn.Config(
        create_app(settings),
        http=GatewayProtocol,
        ws="none",
        loop="asyncio",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=KEEP_ALIVE,
        timeout_graceful_shutdown=1,
    )
    return Server(config)


def run(settings: Settings) -> int:
    """Serve until a signal comes; the process's exit code."""
    _log_to_stderr()
    try:
        taken = listen(settings.gateway_port)
    except OSError as error:
        reason = "the port is taken" if isinstance(error, PortTaken) else error.strerror
        print(f"The gateway cannot listen on {LOOPBACK}:{settings.gateway_port}: {reason}.", file=sys.stderr)
        return 1
    port = taken.getsockname()[1]
    # uvicorn raises the signal again when it is done; a second death by signal would hide the clean end.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: None)
    server = make(settings)
    log.info("listening on http://%s:%d, %s mode", LOOPBACK, port, settings.mode)
    server.run(sockets=[taken])
    log.info("stopped")
    return 0


def _log_to_stderr() -> None:
    logging.basicConfig(
        level=logging.WARNING, format="%(asctime)s %(levelname)s %(message)s", stream=sys.stderr
    )
    log.setLevel(logging.INFO)


__all__ = ["PortTaken", "Server", "listen", "make", "run"]
