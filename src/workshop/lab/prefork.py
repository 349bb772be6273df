"""A fork server: one process per kernel that has imported what takes seconds, and forks in milliseconds.

::

    kernel      asks: for a child that calls ``module:function``, or for modules to be imported ahead
      server    ``python -m workshop.lab.prefork``: imports and forks, one request after the other
        child   calls the function with a socket, the channel, whose other end the kernel holds

What a child does is up to the function and to what the kernel sends it; the server knows nothing of that, and its
death does not touch the children. It ends with its kernel, however that goes: their socket is closed then.

``multiprocessing``'s fork server is not used: it imports the parent's ``__main__`` again, is shared with whatever
else the process does, hands the notebook's stderr to its children, and blocks an event loop while it starts.
"""

from __future__ import annotations

import atexit
import contextlib
import gc
import importlib
import json
import os
import select
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from typing import NoReturn

READY = b"ready\n"
"""The first thing that a child says on its channel. Until it has, closing the channel calls the request off."""

# --- in the kernel -----------------------------------------------------------------------------------


class Server:
    """A fork server as its kernel sees it.

    Attributes:
        process: The process.
        environment: The environment that it was started with, and its libraries imported in.
        began: When it was started, by ``time.monotonic()``.
    """

    def __init__(self) -> None:
        self.environment = {**os.environ, "PYTHONIOENCODING": "utf-8"}
        self.began = time.monotonic()
        self._told: set[str] = set()
        self._importing: socket.socket | None = None
        self._control, theirs = socket.socketpair()
        with theirs:
            try:
                self.process = subprocess.Popen(
                    # -P: a learner's file next to the notebook must not be taken for a library.
                    [sys.executable, "-u", "-P", "-m", "workshop.lab.prefork", str(theirs.fileno())],
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                    env=self.environment,
                    pass_fds=[theirs.fileno()],
                    start_new_session=True,
                )
            except BaseException:
                self._control.close()
                raise

    def preload(self, modules: Sequence[str]) -> None:
        """Have it import these by and by; requests made later wait for that. Returns at once.

        Raises:
            OSError: it has ended.
        """
        if new := [name for name in modules if name not in self._told]:
            self._told.update(new)
            self._importing = self._send({"preload": new})

    def has_imported(self, timeout: float = 0.0) -> bool:
        """Whether it has imported all that it was told to, and can fork at once.

        Args:
            timeout: Seconds to wait for that.
        """
        if self._importing is not None:
            try:
                self._importing.settimeout(timeout)
                self._importing.recv(1)  # nothing is ever sent there: this is the end
            except OSError:
                return False
        return True

    def ask(self, target: str) -> socket.socket:
        """Ask for a child.

        Args:
            target: What it calls with its end of the channel, as ``module:function``. Its ``__main__`` is that
                module, and it ends when the function returns.

        Returns:
            The channel, blocking; :data:`READY` comes first, once everything asked for earlier is done. It ends
            without that if the server does.

        Raises:
            OSError: the server has ended.
        """
        return self._send({"target": target})

    def _send(self, request: dict[str, object]) -> socket.socket:
        ours, theirs = socket.socketpair()
        try:
            with theirs:
                # Said before the server knows of the channel: it never waits for what it reads.
                ours.sendall(json.dumps(request).encode() + b"\n")
                socket.send_fds(self._control, [b"r"], [theirs.fileno()])
        except BaseException:
            ours.close()
            raise
        return ours

    def end(self) -> None:
        """End it, not its children."""
        self._control.close()
        # It ends by itself when the control socket closes, unless it is importing.
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(0.2)
        self.process.kill()
        self.process.wait()


_server: Server | None = None
_owner = 0
_lock = threading.Lock()


def running() -> Server | None:
    """This process's fork server, if there is one and it is alive."""
    server = _server
    # After a fork of this process it is the parent's.
    return server if server is not None and _owner == os.getpid() and server.process.poll() is None else None


def start(modules: Sequence[str]) -> Server:
    """This process's fork server, started if need be; returns within milliseconds.

    Args:
        modules: What it is to have imported, besides what it was told earlier. One that cannot be imported is
            left to the child that needs it.

    Raises:
        OSError: it cannot be started.
    """
    global _server, _owner
    with _lock:
        server = running()
        if server is not None:
            with contextlib.suppress(OSError):
                server.preload(modules)
                return server
        if _owner != os.getpid():
            _owner = os.getpid()
            atexit.register(close)
        elif _server is not None:
            _server.end()
        _server = None
        _server = Server()
        _server.preload(modules)
        return _server


def close(only: Server | None = None) -> None:
    """End this process's fork server.

    Args:
        only: End it only if it is this one: another thread may have replaced it already.
    """
    global _server
    with _lock:
        if _server is not None and _owner == os.getpid() and only in (None, _server):
            server, _server = _server, None
            server.end()


# --- on both sides -----------------------------------------------------------------------------------


def read_line(channel: socket.socket) -> bytes:
    """What was sent up to the end of a line, which nothing may follow before it has been answered.

    Returns:
        The line; without its end, or empty, if the channel was closed.
    """
    received = bytearray()
    while not received.endswith(b"\n") and (data := channel.recv(1 << 16)):
        received += data
    return bytes(received)


def import_quietly(modules: Sequence[str]) -> None:
    """Import what can be imported; the rest fails again where it is needed, and is reported there."""
    for name in modules:
        with contextlib.suppress(Exception):
            importlib.import_module(name)


# --- in the server -----------------------------------------------------------------------------------


def serve(control: socket.socket) -> None:
    """Do what is asked for on the channels that arrive; return when the other end closes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # Reaped here, and not by the system: what they cost is then told of this process, as `getrusage` has it.
    signal.signal(signal.SIGCHLD, _reap)
    hung_up = select.poll()
    hung_up.register(control, 0)
    while True:
        message, descriptors, _, _ = socket.recv_fds(control, 1, 1)
        if not message:
            return
        for descriptor in descriptors:
            with socket.socket(fileno=descriptor) as channel:
                request = json.loads(read_line(channel) or "{}")
                for name in request.get("preload", ()):
                    if hung_up.poll(0):
                        return
                    import_quietly([name])
                if "preload" in request:
                    # What is there now stays: the collector need not touch, and so copy, it in each child.
                    gc.collect()
                    gc.freeze()
                elif "target" in request and os.fork() == 0:
                    _become(request["target"], control, channel)


def _reap(*_: object) -> None:
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def _become(target: str, control: socket.socket, channel: socket.socket) -> NoReturn:
    status = 1
    try:
        control.close()
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        module, _, function = target.partition(":")
        sys.modules["__main__"] = found = importlib.import_module(module)
        channel.sendall(READY)
        getattr(found, function)(channel)
        status = 0
    finally:
        os._exit(status)


if __name__ == "__main__":
    with socket.socket(fileno=int(sys.argv[1])) as _control:
        serve(_control)


__all__ = ["READY", "Server", "close", "import_quietly", "read_line", "running", "start"]
