"""A process that passes on what arrives by TLS from a client with a certificate, to a server that speaks no TLS.

``python -m workshop.lab.tls_relay --port N --to HOST:PORT --server PEM --authority PEM``. Temporal's dev server has no
TLS of its own; a cluster, or a load balancer before it, does what this does.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import socket
import ssl

from workshop.settings import LOOPBACK

READY = "listening"
"""What it prints once it accepts connections."""

REFUSED = "refused: "
"""How a line begins that says why a client was refused."""

_PIECE = 65_536


def context_of(server: str, authority: str) -> ssl.SSLContext:
    """What a client must show: a certificate that this authority has signed.

    Args:
        server: The file with this side's key and certificate.
        authority: The file with the authority's certificate.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(server)
    context.load_verify_locations(authority)
    context.verify_mode = ssl.CERT_REQUIRED
    context.set_alpn_protocols(["h2"])  # gRPC insists on it
    return context


async def serve(port: int, to: str, context: ssl.SSLContext) -> None:
    """Accept connections on loopback for as long as this process lives."""
    loop = asyncio.get_running_loop()
    under_way = set()
    with socket.create_server((LOOPBACK, port)) as listener:
        listener.setblocking(False)
        print(READY, flush=True)
        while True:
            accepted, _ = await loop.sock_accept(listener)
            task = loop.create_task(_pass_on(accepted, to, context))
            under_way.add(task)
            task.add_done_callback(under_way.discard)


async def _pass_on(accepted: socket.socket, to: str, context: ssl.SSLContext) -> None:
    try:
        outer = await _welcomed(accepted, context)
    except ssl.SSLError as error:
        if not isinstance(error, ssl.SSLEOFError):  # one that only looks whether somebody listens
            print(REFUSED + (error.reason or "unknown").replace("_", " ").lower(), flush=True)
        return
    except OSError:
        return
    host, _, port = to.rpartition(":")
    try:
        inner = await asyncio.open_connection(host, int(port))
    except OSError:
        outer[1].close()  # the server is away, as a client can see now
        return
    await asyncio.gather(_copy(outer[0], inner[1]), _copy(inner[0], outer[1]))


async def _welcomed(
    accepted: socket.socket, context: ssl.SSLContext
) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    # `asyncio.start_server` does the same, but keeps to itself why a handshake has failed.
    loop = asyncio.get_running_loop()
    reader = asyncio.StreamReader()
    protocol = asyncio.StreamReaderProtocol(reader)
    transport, _ = await loop.connect_accepted_socket(lambda: protocol, accepted, ssl=context)
    return reader, asyncio.StreamWriter(transport, protocol, reader, loop)


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):  # whichever end goes, the other is told
        while piece := await reader.read(_PIECE):
            writer.write(piece)
            await writer.drain()
    writer.close()


def main() -> None:
    """Read the command line and serve."""
    parser = argparse.ArgumentParser(prog="python -m workshop.lab.tls_relay")
    parser.add_argument("--port", type=int, required=True)
    for name in ("--to", "--server", "--authority"):
        parser.add_argument(name, required=True)
    chosen = parser.parse_args()
    asyncio.run(serve(chosen.port, chosen.to, context_of(chosen.server, chosen.authority)))


if __name__ == "__main__":
    main()
