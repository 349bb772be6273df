"""Which TCP ports are free, and who holds one that is not."""

from __future__ import annotations

import contextlib
import secrets
import socket
from contextlib import closing
from dataclasses import dataclass

import psutil

from workshop.settings import LOOPBACK


@dataclass(frozen=True)
class Holder:
    """The process that listens on a port; ``pid`` is None if this user may not know."""

    pid: int | None
    name: str = ""

    def __str__(self) -> str:
        return f"{self.name} (pid {self.pid})" if self.pid else "a process of another user"


def accepts(port: int, host: str = LOOPBACK, timeout: float = 1.0) -> bool:
    """Tell whether something accepts connections there."""
    try:
        with socket.create_connection((host, port), timeout=timeout):
            return True
    except OSError:
        return False


def is_free(port: int) -> bool:
    """Tell whether this user could listen on a loopback port now."""
    with closing(socket.socket(socket.AF_INET, socket.SOCK_STREAM)) as probe:
        if hasattr(socket, "SO_EXCLUSIVEADDRUSE"):
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        else:
            # Without it, a port whose last listener has just gone counts as taken for a minute.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    # macOS lets one bind to loopback beside a listener on all interfaces.
    return not accepts(port)


_ASKED_BY_NAME = range(20_000, 32_000)
"""Ports that no system gives to whoever asks for any port (Linux begins at 32768, the others at 49152)."""


def free_port() -> int:
    """Find a loopback port that nobody listens on at this moment, and that nobody will be given by chance before use.

    The dev server takes some ports of its own by chance, and once took one that had been chosen for the gateway.
    """
    for _ in range(100):
        with (
            contextlib.suppress(OSError),
            closing(socket.socket(socket.AF_INET, socket.SOCK_STREAM)) as probe,
        ):
            probe.bind((LOOPBACK, secrets.choice(_ASKED_BY_NAME)))
            return _port_of(probe)
    with closing(socket.socket(socket.AF_INET, socket.SOCK_STREAM)) as probe:
        probe.bind((LOOPBACK, 0))
        return _port_of(probe)


def _port_of(bound: socket.socket) -> int:
    port: int = bound.getsockname()[1]
    return port


def holder(port: int) -> Holder | None:
    """Name the process that listens on a port, None if nobody does."""
    pid = _listener(port)
    if pid is not None:
        try:
            process = psutil.Process(pid)
            return Holder(pid, _what_runs(process))
        except psutil.Error:
            return Holder(pid, "a process")
    return None if is_free(port) else Holder(None)


def _listener(port: int) -> int | None:
    try:
        for connection in psutil.net_connections(kind="tcp"):
            if connection.pid and _listens(connection, port):
                return connection.pid
    except psutil.AccessDenied:
        # macOS tells only about one's own processes, one by one.
        for process in psutil.process_iter():
            try:
                connections = process.net_connections(kind="tcp")
            except psutil.Error:
                continue
            if any(_listens(connection, port) for connection in connections):
                return process.pid
    return None


def _listens(connection: psutil._ntuples.sconn | psutil._ntuples.pconn, port: int) -> bool:
    if connection.status != psutil.CONN_LISTEN or not connection.laddr or connection.laddr.port != port:
        return False
    # A listener on another address of the machine is in nobody's way.
    ip = connection.laddr.ip
    return ip in ("0.0.0.0", "::", "::1") or ip.startswith("127.")  # noqa: S104 - compared, not bound


def _what_runs(process: psutil.Process) -> str:
    # "python" alone would not help anyone find it: add the module or script.
    name = process.name()
    try:
        command = process.cmdline()
    except psutil.Error:
        return name
    if name.startswith("python") and len(command) > 1:
        script = command[command.index("-m") + 1] if "-m" in command[:-1] else command[1]
        return f"{name} {script}"
    return name


__all__ = ["Holder", "accepts", "free_port", "holder", "is_free"]
