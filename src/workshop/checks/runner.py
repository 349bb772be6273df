"""Starts the processes in which checks run a learner's file, waits for them, ends them.

What happens inside is :mod:`workshop.checks.child`.
"""

from __future__ import annotations

import asyncio
import atexit
import contextlib
import json
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal, Protocol

from workshop.catalog import LessonError
from workshop.lab import prefork

from .child import ANSWER_LIMIT, KEEPER, PRINTED_LIMIT, Job
from .exercise import check_modules
from .outcomes import CourseProblem

START_LIMIT = 60.0
"""Seconds that importing the Agents SDK may take before a check gives up on it."""

_GRACE = 2.0
_RESTART = "Restart the kernel and run the lesson's first cell again."

Ended = Literal["answer", "exit", "signal", "time"]


@dataclass(frozen=True)
class Report:
    """What became of one run.

    Attributes:
        ended: ``answer`` (the probe answered), ``exit`` or ``signal`` (the process ended without an answer),
            ``time`` (it was killed at its limit).
        code: The exit code or the signal's number.
        answer: See ``child._Learner.observe``; None unless ``ended`` is ``answer``.
        printed: The first part of what it printed.
        started_in: Seconds until the process was ready, which are not the learner's.
    """

    ended: Ended
    code: int
    answer: dict[str, Any] | None
    printed: str
    started_in: float


def needed_modules() -> list[str]:
    """What a run needs: the two SDKs, and the checks with their probes."""
    # Temporal's native library starts its threads with the first client, so importing it before a fork is safe.
    libraries = ["agents", "temporalio.client", "temporalio.testing", "temporalio.worker"]
    libraries += ["temporalio.openai_agents", "temporalio.openai_agents.testing", "workshop.lab.head_start"]
    try:
        checks = check_modules()
    except LessonError:
        checks = []  # the engine says so
    own = [f"{__package__}.{name}" for name in ("child", "bench", "replays", "agent_workers")]
    return [*libraries, *own, *checks]


class Runner(Protocol):
    """A way to run jobs in processes of their own."""

    def warm(self) -> None:
        """Begin, without waiting, whatever makes the first run slow."""

    async def ready(self) -> None:
        """Wait until a run would begin at once.

        Raises:
            CourseProblem: it will not.
        """

    async def run(self, job: Job) -> Report:
        """Run one job to its end or its limit; cancelling ends it at once.

        Raises:
            CourseProblem: no process could be started.
        """

    def close(self) -> None:
        """End what was started."""


class ForkRunner:
    """Runs jobs in children of the kernel's fork server, which has imported everything (Linux, macOS)."""

    @property
    def _server(self) -> prefork.Server:
        try:
            return prefork.start(needed_modules())
        except OSError as error:
            raise _not_started(error) from None

    def warm(self) -> None:
        """Start the fork server if it is not running; returns within milliseconds."""
        _ = self._server

    async def ready(self) -> None:
        """Wait until the fork server has imported everything, at most ``START_LIMIT`` seconds."""
        with await self._channel() as channel:
            channel.shutdown(socket.SHUT_RDWR)

    async def run(self, job: Job) -> Report:
        """Run one job in a forked child."""
        began = time.monotonic()
        with await self._channel() as channel:
            started_in = time.monotonic() - began
            loop = asyncio.get_running_loop()
            received = bytearray()
            try:
                async with asyncio.timeout(job["limit"] + _GRACE):
                    await loop.sock_sendall(channel, json.dumps(job).encode() + b"\n")
                    while not received.endswith(b"\n") and (data := await loop.sock_recv(channel, 1 << 20)):
                        received += data
            except TimeoutError:
                return Report("time", 0, None, "", started_in)
            except OSError:
                received.clear()
        if not received.endswith(b"\n"):
            return Report("exit", 1, None, "", started_in)
        return Report(**json.loads(received), started_in=started_in)

    def close(self) -> None:
        """End the fork server; its runs end with their channels."""
        prefork.close()

    async def _channel(self) -> socket.socket:
        """A socket whose other end a keeper holds, which has said that it is there."""
        for _ in range(2):
            server = self._server
            with contextlib.suppress(OSError):
                channel = server.ask(KEEPER)
                channel.setblocking(False)
                try:
                    async with asyncio.timeout(START_LIMIT):
                        said = await asyncio.get_running_loop().sock_recv(channel, len(prefork.READY))
                    if said == prefork.READY:
                        return channel
                except TimeoutError:
                    channel.close()
                    raise CourseProblem(
                        f"The checks' own process was not ready within {START_LIMIT:g} s.",
                        "Wait until the machine is less busy, then run the cell again.",
                    ) from None
                except BaseException:
                    channel.close()
                    raise
                channel.close()
            # Something has ended this server since the last run: once more, with a new one, which another
            # check may have started already.
            prefork.close(only=server)
        raise CourseProblem("The checks' own process ends as soon as it starts.", _RESTART)


class SpawnRunner:
    """Runs each job in a new interpreter: slower by the seconds that the imports take (Windows)."""

    def warm(self) -> None:
        """Nothing can be prepared."""

    async def ready(self) -> None:
        """Nothing to wait for."""

    async def run(self, job: Job) -> Report:
        """Run one job in a new process."""
        with tempfile.TemporaryDirectory(prefix="workshop-check-", ignore_cleanup_errors=True) as folder:
            answer = Path(folder) / "answer"
            try:
                process = _start_once(answer)
            except OSError as error:
                raise _not_started(error) from None
            printed = bytearray()
            reader = threading.Thread(target=_keep_first, args=(process, printed), daemon=True)
            reader.start()
            try:
                with contextlib.suppress(OSError):
                    assert process.stdin is not None  # noqa: S101 - it was asked for
                    process.stdin.write(json.dumps(job).encode() + b"\n")
                    process.stdin.close()
                report = await self._wait(process, job["limit"], answer)
            finally:
                _kill_tree(process)
                reader.join(1)
            # Only now: what the pipe still held when the process ended has been read as well.
            return replace(report, printed=printed.decode(errors="replace"))

    async def _wait(self, process: subprocess.Popen[bytes], limit: float, answer: Path) -> Report:
        began = time.monotonic()
        if not await _until(lambda: process.poll() is not None or _lines(answer) > 0, START_LIMIT):
            raise CourseProblem(f"The check's process was not ready within {START_LIMIT:g} s.", _RESTART)
        started_in = time.monotonic() - began
        ended = await _until(lambda: process.poll() is not None or _lines(answer) > 1, limit)
        value: dict[str, Any] | None = None
        if _lines(answer) > 1:
            with contextlib.suppress(ValueError):
                value = json.loads(_read(answer).split(b"\n")[1])
        code = process.poll()
        if value is not None:
            return Report("answer", 0, value, "", started_in)
        if not ended or code is None:
            return Report("time", 0, None, "", started_in)
        return Report("signal" if code < 0 else "exit", abs(code), None, "", started_in)

    def close(self) -> None:
        """Nothing stays."""


def _keep_first(process: subprocess.Popen[bytes], kept: bytearray) -> None:
    assert process.stdout is not None  # noqa: S101 - it was asked for
    with contextlib.suppress(OSError, ValueError):
        while data := process.stdout.read1(65536):  # type: ignore[attr-defined]
            kept += data[: max(0, PRINTED_LIMIT - len(kept))]


def _start_once(answer: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-P", "-m", "workshop.checks.child", "once", str(answer), *needed_modules()],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )


def _not_started(error: OSError) -> CourseProblem:
    return CourseProblem(f"No process for the checks could be started: {error}", _RESTART)


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes() if file.stat().st_size <= 2 * ANSWER_LIMIT else b""
    except OSError:
        return b""


def _lines(file: Path) -> int:
    return _read(file).count(b"\n")


async def _until(condition: Callable[[], bool], limit: float) -> bool:
    # Polled, because asyncio can wait for a process only on some of Windows' event loops.
    deadline = time.monotonic() + limit
    while not condition():
        if time.monotonic() > deadline:
            return False
        await asyncio.sleep(0.02)
    return True


def _kill_tree(process: subprocess.Popen[bytes]) -> None:
    import psutil

    with contextlib.suppress(psutil.Error):
        for child in psutil.Process(process.pid).children(recursive=True):
            with contextlib.suppress(psutil.Error):
                child.kill()
    process.kill()
    process.wait()


_runner: Runner | None = None
_runner_pid = 0


def runner() -> Runner:
    """The one runner of this process."""
    global _runner, _runner_pid
    if _runner is None or _runner_pid != os.getpid():
        _runner = ForkRunner() if hasattr(os, "fork") else SpawnRunner()
        _runner_pid = os.getpid()
        atexit.register(_runner.close)
    return _runner


def warm() -> None:
    """Start, in the background, what makes the first check of a process slow. Never waits, never raises."""
    with contextlib.suppress(CourseProblem):
        runner().warm()
