"""``lab.tls_front(server, folder)``: the way to a server of the notebook's own that demands a client certificate."""

from __future__ import annotations

import os
from pathlib import Path

from workshop.lab import certificates, ports, tls_relay
from workshop.lab.own_files import own_file
from workshop.lab.private_server import TemporalServer, without_the_agents_variables
from workshop.lab.processes import Process, enter
from workshop.settings import LOOPBACK


class TlsFront(Process):
    """A process before a Temporal server, which lets in who shows a certificate. Made by :func:`tls_front`.

    It is a :class:`~workshop.lab.Process`; its output has a line for each client that it has refused, which says why.
    A restart keeps the port and the certificates.
    """

    kind = "TLS front"

    def __init__(self, name: str, server: TemporalServer, folder: Path) -> None:
        self._port = ports.free_port()
        own = own_file(".pem")
        certificates.issue(folder, own)
        super().__init__(
            tls_relay.__file__,
            *("--port", str(self._port), "--to", server.address),
            *("--server", str(own), "--authority", str((folder / certificates.AUTHORITY).absolute())),
            name=name,
            env=without_the_agents_variables(),
            ready=tls_relay.READY,
        )

    @property
    def address(self) -> str:
        """Where it listens, as ``host:port``."""
        return f"{LOOPBACK}:{self._port}"


def tls_front(server: TemporalServer, folder: str | os.PathLike[str], *, name: str = "TLS front") -> TlsFront:
    """Put a process before a server that speaks TLS, and lets in only who has a client certificate.

    The server's own address goes on working, without TLS.

    Args:
        server: What ``lab.temporal_server`` returned.
        folder: Where to write what a client needs: ``ca.pem``, ``client.pem`` and ``client.key``, made anew
            each time and valid for a day.
        name: What to call it, among this notebook's processes.

    Raises:
        ProcessError: it ended before it listened.
        LabTimeout: it did not listen in time; it has been killed.
    """
    return enter(name, lambda: TlsFront(name, server, Path(folder)))


__all__ = ["TlsFront", "tls_front"]
