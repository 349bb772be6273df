"""Processes that a notebook starts, kills and starts again: real ones, of the operating system."""

from __future__ import annotations

import asyncio
import atexit
import contextlib
import os
import shutil
import signal
import threading
import time
from collections.abc import AsyncIterator, Callable, Mapping
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeout
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, TypeVar

from workshop import settings as workshop_settings
from workshop.errors import LabError, LabTimeout
from workshop.lab import registry
from workshop.lab.bodies import DEATH, Body
from workshop.lab.forking import begin
from workshop.lab.last_words import last_words

if TYPE_CHECKING:
    from workshop.lab.own_runs import OwnRuns

_LOOK_EVERY = 0.02
"""Seconds between looks at a log for a text; files cannot announce that they grew."""

_LOOK_AT_RUNS = 2.0
"""Seconds after which, and between which, a wait looks at what the process itself waits for."""

_LAST_LINES = 15

_LAST_BYTES = 16_384
"""How much of a log's end is read for its last lines: it is read again whenever it has grown."""


class ProcessError(LabError):
    """A process did not do what it was started for; the message ends with the last lines of its log."""


@dataclass
class _Run:
    """One run of a process: what the operating system knows of it, and where it prints."""

    body: Body
    log: Path
    ended: Future[int] = field(default_factory=Future)
    ready: bool = False
    told_to_end: bool = False


class Process:
    """A script of the learner, as a process of its own. Made by :func:`process`."""

    kind = "Process"
    """What it is called where it is shown."""

    def __init__(
        self,
        script: str | os.PathLike[str],
        *arguments: str,
        name: str,
        env: Mapping[str, str | None] | None = None,
        ready: str | None = None,
        timeout: float = 40.0,
        start: bool = True,
    ) -> None:
        self.name = name
        self._script = Path(script)
        self._arguments = [os.fspath(script), *arguments]
        self._env = dict(env or {})
        self._ready = ready
        self._timeout = timeout
        self._run: _Run | None = None
        self._runs: OwnRuns | None = None
        self.started_at = 0.0
        if start:
            self._start()

    def start(self, *, wait: bool = True) -> Self:
        """Start it, as a new run with a new log. One that runs already is left as it is.

        Args:
            wait: Whether to wait for the text that was given as ``ready``.

        Raises:
            ProcessError: the file is not there, or it ended before it was ready.
            LabTimeout: it was not ready in time; it has been killed.
        """
        if not self.running:
            self._start(wait)
        return self

    def _start(self, wait: bool = True) -> None:
        _need_file(self._script)
        forget_bytecode(Path("my"))
        path = _new_log(self.name)
        environment: dict[str, str] = {**os.environ, "PYTHONIOENCODING": "utf-8"}
        for variable, value in self._env.items():
            if value is None:
                environment.pop(variable, None)
            else:
                environment[variable] = value
        with path.open("wb") as log:
            body = begin(self._arguments, environment, log)
        self._run = run = _Run(body, path)
        self.started_at = time.time()
        registry.note(self)
        threading.Thread(target=_reap, args=(run,), daemon=True).start()
        if wait and self._ready is not None:
            self._wait_for_sync(self._ready, self._timeout)

    @property
    def pid(self) -> int:
        """The process id of the current (or latest) run.

        Raises:
            ProcessError: it has not been started.
        """
        return self._begun().body.pid

    @property
    def started(self) -> bool:
        """Whether it has ever been started."""
        return self._run is not None

    @property
    def running(self) -> bool:
        """Whether the process is alive."""
        return self._run is not None and not self._run.ended.done()

    @property
    def ready(self) -> bool:
        """Whether it is alive and has printed the text given as ``ready``; alive is enough without one."""
        run = self._run
        if run is None or run.ended.done():
            return False
        if not run.ready:
            run.ready = self._ready is None or self._ready in _text_of(run.log)
        return run.ready

    @property
    def returncode(self) -> int | None:
        """The exit code; ``-9`` after SIGKILL (not on Windows); None until it has ended."""
        run = self._run
        return run.ended.result() if run is not None and run.ended.done() else None

    @property
    def died(self) -> str:
        """How it ended if nobody here ended it, and not well: ``exit code 1``; else empty."""
        run = self._run
        return self._how() if run is not None and not run.told_to_end and self.returncode else ""

    def output(self) -> str:
        """What the current (or latest) run has printed so far, both streams."""
        return _text_of(self._run.log) if self._run is not None else ""

    def last_lines(self, count: int = _LAST_LINES) -> list[str]:
        """The last lines of :meth:`output`, ``count`` at most; of a long log only its end is read."""
        if self._run is None:
            return []
        with self._run.log.open("rb") as log:
            size = log.seek(0, os.SEEK_END)
            log.seek(max(0, size - _LAST_BYTES))
            lines = log.read().decode("utf-8", errors="replace").splitlines()
        return lines[-count:]

    def kill(self) -> None:
        """Kill it at once (SIGKILL: it cannot notice, clean up or refuse) and wait until it is dead."""
        if self._run is not None:
            self._kill(self._run)

    def _kill(self, run: _Run) -> None:
        if not run.ended.done():
            run.told_to_end = True
            run.body.kill()
            self._await_end(run, DEATH)
        run.body.close()

    def stop(self, timeout: float = 5.0) -> None:
        """Ask it to end, as Ctrl-C in a terminal does; kill it if it has not after ``timeout`` seconds."""
        run = self._run
        if run is None:
            return
        if not run.ended.done():
            run.told_to_end = True
            run.body.interrupt()
            with contextlib.suppress(LabTimeout):
                self._await_end(run, timeout)
        # This run, not one that another thread (a button) may have started meanwhile.
        self._kill(run)

    def restart(self, *, wait: bool = True) -> Self:
        """Start the same command again, with a new log. One that still runs is killed first.

        Args:
            wait: Whether to wait for the text that was given as ``ready``.

        Raises:
            ProcessError: the file is not there, or it ended before it was ready.
            LabTimeout: it was not ready in time; it has been killed.
        """
        self.kill()
        self._start(wait)
        return self

    async def wait(self, timeout: float = 30.0) -> int:
        """Wait until it ends.

        Args:
            timeout: Seconds to wait at most; the process itself goes on after that.

        Returns:
            The exit code.

        Raises:
            ProcessError: it has not been started.
            LabTimeout: it still runs.
        """
        ended = self._begun().ended
        async with self._not_in_vain(timeout) as in_vain:
            # Shielded: giving up the wait must not cancel what other waits look at.
            waiter = asyncio.shield(asyncio.wrap_future(ended))
            both: set[asyncio.Future[Any]] = {waiter, in_vain}
            await asyncio.wait(both, timeout=timeout, return_when=asyncio.FIRST_COMPLETED)
            if waiter.done():
                return waiter.result()
            raise await self._why_nothing(in_vain, "is still running", timeout)

    async def wait_for(self, text: str, timeout: float = 30.0) -> str:
        """Wait until it has printed ``text``.

        Args:
            text: What to wait for, within one line.
            timeout: Seconds to wait at most.

        Returns:
            The first line that holds the text.

        Raises:
            ProcessError: it ended without printing it, or has not been started.
            LabTimeout: it did not print it in time.
        """
        self._begun()
        deadline = time.monotonic() + timeout
        async with self._not_in_vain(timeout) as in_vain:
            while (line := self._look_for(text)) is None:
                if in_vain.done() or time.monotonic() >= deadline:
                    raise await self._why_nothing(in_vain, f"has not printed {text!r}", timeout)
                await asyncio.sleep(_LOOK_EVERY)
        return line

    def _wait_for_sync(self, text: str, timeout: float) -> None:
        deadline = time.monotonic() + timeout
        try:
            while self._look_for(text) is None:
                if time.monotonic() >= deadline:
                    raise self._too_late(f"has not printed {text!r}", timeout)
                with contextlib.suppress(FutureTimeout):
                    self._begun().ended.result(timeout=_LOOK_EVERY)
        except BaseException:
            # Not ready, or the learner interrupted the cell: either way nobody holds this process yet.
            self.kill()
            raise

    @contextlib.asynccontextmanager
    async def _not_in_vain(self, timeout: float) -> AsyncIterator[asyncio.Task[str]]:
        """Look, during a wait, at what this process waits for; the task ends if that will not come."""
        looking = asyncio.create_task(self._in_vain(timeout))
        try:
            yield looking
        finally:
            looking.cancel()

    async def _in_vain(self, timeout: float) -> str:
        await asyncio.sleep(_LOOK_AT_RUNS)
        if registry.known().get(self.name) is not self:
            await asyncio.Event().wait()  # not a lesson's: a check says itself what it waits for
        from workshop.lab.own_runs import OwnRuns  # imports Temporal's client: for those who wait this long

        self._runs = OwnRuns(self.pid, self.started_at, timeout, self._env.get("TEMPORAL_ADDRESS"))
        while (why := await self._runs.hopeless()) is None:  # noqa: ASYNC110 - a server
            await asyncio.sleep(_LOOK_AT_RUNS / 4)
        return str(why)

    async def _why_nothing(self, in_vain: asyncio.Task[str], what: str, timeout: float) -> LabError:
        faults: list[str] = []
        if registry.known().get(self.name) is self:
            from workshop.lab.fault_words import active_faults  # as below: not for who starts a process only

            faults = active_faults()
        if in_vain.done():
            told = "\n".join(
                [f"{self.name} {what}, and will not go on by itself:", in_vain.result(), *faults]
            )
            return ProcessError(told)
        why = await self._runs.account(timeout) if self._runs is not None else None
        return self._too_late(what, timeout, *str(why or "").splitlines(), *faults)

    def _look_for(self, text: str) -> str | None:
        ended = not self.running  # before the look: what it printed last still counts
        for line in self.output().splitlines():
            if text in line:
                return line
        if ended:
            raise ProcessError(
                f"{self.name} ended ({self._how()}) before it printed {text!r}.{self._tail()}{self._others()}"
            )
        return None

    def _begun(self) -> _Run:
        if self._run is None:
            raise ProcessError(f"{self.name} has not been started. Call its start().")
        return self._run

    def _await_end(self, run: _Run, timeout: float) -> None:
        try:
            run.ended.result(timeout=timeout)
        except FutureTimeout:
            raise self._too_late("is still running", timeout) from None

    def _too_late(self, what: str, timeout: float, *why: str) -> LabTimeout:
        lines = [*why, *(line for line in registry.deaths(but=self.name) if line not in why)]
        told = "".join(f"\n{line}" for line in lines)
        return LabTimeout(f"After {timeout:g} s {self.name} {what}.{self._tail()}{told}")

    def _tail(self) -> str:
        lines = self.output().splitlines()
        words = last_words(self.output())
        if len(lines) > _LAST_LINES and words is not None:
            # What does not fit is a library's traceback, mostly, above an error of one line.
            whole = f'\nAll that it printed: print(lab.find_process("{self.name}").output())'
            return "\n" + "\n".join(words.told()) + (whole if registry.known().get(self.name) is self else "")
        return "\nThe last lines of its log:\n" + "\n".join(f"  {line}" for line in lines) if lines else ""

    def _others(self) -> str:
        return "".join(f"\n{line}" for line in registry.deaths(but=self.name))

    def _how(self) -> str:
        if self._run is None:
            return "not started"
        code = self.returncode
        if code is None:
            return "running"
        if code < 0:
            return f"killed by {signal.Signals(-code).name}"
        return f"exit code {code}"

    def __repr__(self) -> str:
        return f"{self.kind} {self.name}: {self._how()}"


Made = TypeVar("Made", bound=Process)

_logs: dict[str, int] = {}
_owner = os.getpid()


def process(
    script: str | os.PathLike[str],
    *arguments: str,
    name: str | None = None,
    env: Mapping[str, str | None] | None = None,
    ready: str | None = None,
    timeout: float = 40.0,
    start: bool = True,
) -> Process:
    """Run a Python file as a process of its own, which ends with this notebook.

    Starting a second process under the same name kills the first: a cell that is run again does not leave
    the earlier process behind.

    Args:
        script: The file, relative to the notebook: ``"my/first_agent/agent.py"``.
        arguments: What the script finds in ``sys.argv[1:]``.
        name: What to call it; the file's name without ``.py`` unless given.
        env: Environment variables to add or, with None, to take away.
        ready: Wait until it has printed this text.
        timeout: Seconds to wait for that text.
        start: False prepares it only: its ``start()``, or the button of a panel, starts it.

    Raises:
        ProcessError: there is no such file, or it ended before it was ready.
        LabTimeout: it was not ready in time; it has been killed.
    """
    path = Path(script)
    if start:
        _need_file(path)
    name = name or path.stem
    return enter(
        name,
        lambda: Process(
            script, *map(str, arguments), name=name, env=env, ready=ready, timeout=timeout, start=start
        ),
    )


def enter(name: str, make: Callable[[], Made]) -> Made:
    """Make one of this notebook's processes; one that has its name already is killed first."""
    earlier = registry.take(name)
    if isinstance(earlier, Process):
        earlier.kill()
    # Entered only once it is there: one that was not ready has been killed, and is nobody's.
    made = make()
    registry.put(made)
    return made


def find_process(name: str) -> Process:
    """The process of this notebook that has this name: ``lab.find_process("worker").kill()``.

    Raises:
        ProcessError: there is none.
    """
    found = all_processes()
    if name not in found:
        known = ", ".join(found) or "none"
        raise ProcessError(f"There is no process named {name!r} in this notebook. There are: {known}.")
    return found[name]


def all_processes() -> dict[str, Process]:
    """The processes of this notebook by name, the oldest first."""
    return {name: one for name, one in registry.known().items() if isinstance(one, Process)}


def end_all() -> None:
    """Kill every process that this notebook started and that still runs."""
    for name, started in reversed(all_processes().items()):
        registry.take(name)
        with contextlib.suppress(LabError, OSError):
            started.kill()


def forget_bytecode(folder: Path) -> None:
    """Delete the compiled copies of the modules below ``folder``.

    Python takes a compiled copy for current if the source's size and its time *in whole seconds* agree: a
    file written twice within a second could run as it was.
    """
    if folder.is_dir():
        for cache in list(folder.rglob("__pycache__")):
            shutil.rmtree(cache, ignore_errors=True)


def _need_file(path: Path) -> None:
    if not path.is_file():
        raise ProcessError(f"There is no file {path}. Run the cell that writes it first.")


def _text_of(log: Path) -> str:
    return log.read_text(encoding="utf-8", errors="replace")


def _new_log(name: str) -> Path:
    folder = workshop_settings.load().state_dir / "logs"
    folder.mkdir(parents=True, exist_ok=True)
    global _owner
    if _owner != os.getpid():  # after a fork the logs are the parent's
        _owner = os.getpid()
        _logs.clear()
    _logs[name] = count = _logs.get(name, 0) + 1
    safe = "".join(letter if letter.isalnum() or letter in "-_." else "_" for letter in name)
    return folder / (f"{safe}-{os.getpid()}.log" if count == 1 else f"{safe}-{os.getpid()}-{count}.log")


def _reap(run: _Run) -> None:
    run.ended.set_result(run.body.wait())


atexit.register(end_all)

__all__ = [
    "Process",
    "ProcessError",
    "all_processes",
    "end_all",
    "enter",
    "find_process",
    "forget_bytecode",
    "process",
]
