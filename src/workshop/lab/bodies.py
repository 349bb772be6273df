"""A process of the operating system, forked or started as a new interpreter: killed, interrupted, waited for."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from typing import BinaryIO, Protocol

from workshop.lab import prefork
from workshop.lab.run import KEEPER, Request, Told, kill_group, see_end

DEATH = 10.0
"""Seconds after which a SIGKILL that had no effect is reported (a process stuck in the kernel)."""

_ANSWER = 5.0
"""Seconds in which a fork server that has imported everything must have forked."""


class Body(Protocol):
    """A process of the operating system, alive or dead."""

    pid: int

    def kill(self) -> None:
        """Kill its process group (on Windows: it alone). Does nothing once it has ended."""

    def interrupt(self) -> None:
        """Do to its process group what Ctrl-C does. Does nothing once it has ended."""

    def wait(self) -> int:
        """Wait until it and what it started have ended; its exit code. Called once."""

    def close(self) -> None:
        """Let go of its standard input."""


class Spawned:
    """A new interpreter."""

    def __init__(self, arguments: list[str], environment: dict[str, str], log: BinaryIO) -> None:
        self._popen = subprocess.Popen(
            [sys.executable, "-u", "-m", "workshop.lab.run", *arguments],
            stdin=subprocess.PIPE,  # held open: its end tells the process that this kernel is gone
            stdout=log,
            stderr=subprocess.STDOUT,
            env=environment,
            # A group of its own: interrupting a cell does not reach it, kill() reaches what it started.
            start_new_session=True,
            creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
        )
        self.pid = self._popen.pid

    def kill(self) -> None:
        """Kill its process group."""
        # ProcessLookupError: it has ended by itself this moment.
        with contextlib.suppress(ProcessLookupError):
            if sys.platform == "win32":
                self._popen.kill()
            else:
                os.killpg(self.pid, signal.SIGKILL)

    def interrupt(self) -> None:
        """Do to its process group what Ctrl-C does."""
        with contextlib.suppress(ProcessLookupError):
            if sys.platform == "win32":
                self._popen.send_signal(signal.CTRL_BREAK_EVENT)
            else:
                os.killpg(self.pid, signal.SIGINT)

    def wait(self) -> int:
        """Wait until it and what it started have ended; its exit code."""
        if sys.platform != "win32":
            # What the script started ends with it, and its group's number must be its own until then.
            if see_end(self.pid) is None:
                self._popen.wait()
            kill_group(self.pid)
        return self._popen.wait()

    def close(self) -> None:
        """Let go of its standard input."""
        if self._popen.stdin is not None:
            with contextlib.suppress(OSError):
                self._popen.stdin.close()


class Forked:
    """A fork of the fork server's, with a keeper for a parent (see :mod:`workshop.lab.run`).

    Raises:
        OSError: the server, or the keeper, has ended, or it was not ready in time. Nothing runs then.
    """

    def __init__(
        self, server: prefork.Server, arguments: list[str], environment: dict[str, str], log: BinaryIO
    ) -> None:
        request = Request(arguments=arguments, directory=os.getcwd(), environment=environment)
        theirs, ours = os.pipe()
        # Standard input, held open as above; neither end is inherited by what this kernel starts otherwise.
        self._lifeline = os.fdopen(ours, "wb", buffering=0)
        self._lock = threading.Lock()
        self._over = False
        self._received = b""
        try:
            self._channel = server.ask(KEEPER)
            try:
                self._channel.settimeout(_ANSWER)
                if self._channel.recv(len(prefork.READY)) != prefork.READY:
                    raise ConnectionError("the fork server has ended")
                self._channel.settimeout(DEATH)
                socket.send_fds(self._channel, [b"f"], [theirs, log.fileno()])
                self._channel.sendall(json.dumps(request).encode() + b"\n")
                pid = self._heard().get("pid")
                if pid is None:
                    raise ConnectionError("the fork has ended")
                self._channel.settimeout(None)
            except BaseException:
                self._channel.close()
                raise
        except BaseException:
            self._lifeline.close()
            raise
        finally:
            os.close(theirs)
        self.pid = pid

    def _heard(self) -> Told:
        """The next line; empty at the end. A script may end so soon that both its lines have come already."""
        while b"\n" not in self._received and (data := self._channel.recv(1024)):
            self._received += data
        line, _, self._received = self._received.partition(b"\n")
        told: Told = json.loads(line or "{}")
        return told

    def kill(self) -> None:
        """Kill its process group."""
        self._send(signal.SIGKILL)

    def interrupt(self) -> None:
        """Do to its process group what Ctrl-C does."""
        self._send(signal.SIGINT)

    def _send(self, number: signal.Signals) -> None:
        with self._lock:
            if not self._over:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(self.pid, number)

    def wait(self) -> int:
        """Wait until it and what it started have ended; its exit code."""
        with self._channel:
            returncode = self._end().get("returncode")
            with self._lock:
                if returncode is None:
                    # The keeper was killed: nobody will tell how this process ends, so it ends now.
                    kill_group(self.pid)
                    returncode = -signal.SIGKILL
                # From here on the keeper may let go of the number, and another process get it.
                self._over = True
            with contextlib.suppress(OSError):
                self._channel.shutdown(socket.SHUT_WR)
                while self._channel.recv(16):
                    pass
        self.close()
        return returncode

    def _end(self) -> Told:
        with contextlib.suppress(OSError, ValueError):
            return self._heard()
        return Told()

    def close(self) -> None:
        """Let go of its standard input."""
        self._lifeline.close()


__all__ = ["DEATH", "Body", "Forked", "Spawned"]
