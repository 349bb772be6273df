"""The process in which a check runs the learner's file. This module is what such a process executes.

Three generations, so that nothing a learner's file does can reach the notebook::

    fork server    `workshop.lab.prefork`: has imported `agents` and the checks once; forks in milliseconds
      keeper       one per run: watches the clock, collects what is printed, outlives the learner
        learner    its own session and process group: imports the file, calls the probe, answers in JSON

Where there is no fork (Windows), ``python -m workshop.checks.child once`` does one run.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import importlib
import importlib.util
import inspect
import json
import linecache
import os
import re
import select
import signal
import socket
import sys
import threading
import time
import traceback
import types
import warnings
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Literal, NoReturn, TextIO, TypedDict

from workshop.errors import is_silence
from workshop.lab import prefork

from . import blocking
from .frames import at_import, awaited, chain, inner_to_outer, message_of
from .fresh_files import FreshFiles, module_name
from .outcomes import A_COROUTINE, NotYet, shorten

KEEPER = "workshop.checks.child:keep"
"""What the fork server calls for a run."""

PRINTED_LIMIT = 20_000
"""How many bytes of what the learner's code prints are kept."""

ANSWER_LIMIT = 4_000_000
"""How many bytes of JSON a probe may answer with."""

CLOSED = 70
"""The exit code of a run that could not answer, because the learner's code closed what it did not open."""

_REFUSED = "Failed validating workflow "

_POLL = 0.02
_SAMPLE_BEFORE_END = 0.3
_LOOK_EVERY = 1.0

_CALLS_ITSELF = 40
"""How often one line of the learner's is under way at once if it calls itself; no exercise asks for so many."""


class Job(TypedDict):
    """One run, as sent to the child."""

    root: str
    """The directory that holds ``my/``; the child's working directory."""
    file: str
    """The learner's file, relative to ``root``."""
    probe: dict[str, str]
    """Where the probe is: ``module``, ``path`` (of that module's file) and ``name``."""
    arguments: list[Any]
    environment: dict[str, str]
    """All of the child's environment variables."""
    search: list[str]
    """The parent's ``sys.path``, for probes in modules that are not installed."""
    limit: float
    """Seconds."""


class Place(TypedDict):
    """A line of the learner's code."""

    file: str
    """Relative to the directory that holds ``my/``, with forward slashes."""
    line: int
    source: str


def _without_tracing() -> None:
    with contextlib.suppress(Exception):
        from agents.tracing import set_trace_provider
        from agents.tracing.provider import DefaultTraceProvider

        # The SDK's own way, set_tracing_disabled(), makes an HTTP client first.
        provider = DefaultTraceProvider()
        provider.set_disabled(True)
        set_trace_provider(provider)


def _forget_connections() -> None:
    """A line at the end of a file that tries its agent has had an event loop of its own, which is closed.

    So are the connections in it, and the SDK shares those with whatever runs afterwards.
    """
    if (provider := sys.modules.get("agents.models.openai_provider")) is not None:
        provider._http_client = None  # type: ignore[attr-defined]


# --- keeper ------------------------------------------------------------------------------------------


def keep(channel: socket.socket) -> None:
    """Run one job in a process of its own and send what became of it as one line of JSON.

    Closing the other end of the channel ends the run at once, so none outlives its notebook.
    """
    line = prefork.read_line(channel)
    if not line:
        return
    job: Job = json.loads(line)
    answer_read, answer_write = os.pipe()
    printed_read, printed_write = os.pipe()
    learner = os.fork()
    if learner == 0:
        try:
            os.setsid()
            for descriptor in (answer_read, printed_read, channel.fileno()):
                os.close(descriptor)
            run(job, _move_high(answer_write), printed_write)
        finally:
            os._exit(1)
    os.close(answer_write)
    os.close(printed_write)
    report = _watch(learner, channel, answer_read, printed_read, job["limit"])
    if report is not None:
        channel.sendall(json.dumps(report).encode() + b"\n")


def _watch(
    learner: int, channel: socket.socket, answer: int, printed: int, limit: float
) -> dict[str, Any] | None:
    deadline = time.monotonic() + limit
    answered, shown = bytearray(), bytearray()
    open_ends = [channel.fileno(), answer, printed]
    ended, code = "", 0
    for descriptor in (answer, printed):
        os.set_blocking(descriptor, False)
    while not ended:
        ready, _, _ = select.select(open_ends, [], [], _POLL)
        if channel.fileno() in ready and not channel.recv(1):
            ended = "abandoned"
        for descriptor, kept, most in ((printed, shown, PRINTED_LIMIT), (answer, answered, ANSWER_LIMIT)):
            if descriptor in ready and not _drain(descriptor, kept, most):
                open_ends.remove(descriptor)
        if answered.endswith(b"\n"):
            ended = "answer"
        elif not ended and (status := _exit_status(learner)) is not None:
            # It may have answered and ended between the two looks.
            _drain(answer, answered, ANSWER_LIMIT)
            ended = "answer" if answered.endswith(b"\n") else "exit" if status >= 0 else "signal"
            code = abs(status)
        elif not ended and time.monotonic() > deadline:
            ended = "time"
    _kill(learner)
    _drain(printed, shown, PRINTED_LIMIT)
    if ended == "abandoned":
        return None
    try:
        value = json.loads(answered) if ended == "answer" else None
    except ValueError:
        ended, value = "exit", None
    return {"ended": ended, "code": code, "answer": value, "printed": shown.decode(errors="replace")}


def _drain(descriptor: int, kept: bytearray, most: int) -> bool:
    """Read what is there; keep no more than ``most`` bytes in all. False at the end of the stream."""
    for _ in range(64):
        try:
            data = os.read(descriptor, 65536)
        except BlockingIOError:
            return True
        if not data:
            return False
        kept += data[: max(0, most - len(kept))]
    return True


def _exit_status(pid: int) -> int | None:
    try:
        ended, status = os.waitpid(pid, os.WNOHANG)
    except ChildProcessError:
        return 0
    return os.waitstatus_to_exitcode(status) if ended else None


def _kill(pid: int) -> None:
    # The group takes the learner's own children along; the process itself may not have made its group yet.
    for kill in (os.killpg, os.kill):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            kill(pid, signal.SIGKILL)
    with contextlib.suppress(ChildProcessError):
        os.waitpid(pid, 0)


def _move_high(descriptor: int) -> int:
    # Out of the way of code that closes or reuses low descriptors.
    import fcntl

    high = fcntl.fcntl(descriptor, fcntl.F_DUPFD_CLOEXEC, 200)
    os.close(descriptor)
    return high


# --- learner -----------------------------------------------------------------------------------------


def run(job: Job, answer: int, printed: int | None) -> NoReturn:
    """Import the learner's file, call the probe, write the answer, end. Never returns."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    if printed is not None:
        _redirect(printed)
    _without_tracing()
    learner = _Learner(job, answer)
    blocking.use(lambda verdict: learner.finish({"not_yet": verdict.to_json()}))
    threading.Thread(target=learner.report_if_stuck, daemon=True).start()
    learner.finish(learner.observe())


def _redirect(printed: int) -> None:
    nowhere = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nowhere, 0)
    os.dup2(printed, 1)
    os.dup2(printed, 2)
    os.close(nowhere)
    os.close(printed)
    sys.stdin = _text(0, "r")
    sys.stdout = _text(1, "w")
    sys.stderr = _text(2, "w")


def _text(descriptor: int, mode: Literal["r", "w"]) -> TextIO:
    return open(descriptor, mode, buffering=1, encoding="utf-8", errors="backslashreplace", closefd=False)


class _Learner:
    def __init__(self, job: Job, answer: int) -> None:
        self._job = job
        self._answer = answer
        self._root = os.path.realpath(job["root"])
        self._once = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._main = threading.get_ident()
        self._unawaited: Place | None = None

    def observe(self) -> dict[str, Any]:
        """Do the job and tell what came of it: a value, a verdict, or an error of the learner's."""
        try:
            probe = self._prepare()
        except BaseException as error:
            return {"broken": f"{type(error).__name__}: {shorten(str(error))}"}
        self._watch_for_coroutines()
        try:
            module = importlib.import_module(module_name(self._job["file"]))
            _forget_connections()
            if inspect.iscoroutinefunction(probe):
                asyncio.run(self._await(probe, module))
            return self._answered(probe(module, *self._job["arguments"]))
        except BaseException as error:
            return self._failed(error)

    async def _await(self, probe: Callable[..., Any], module: types.ModuleType) -> NoReturn:
        self._loop = asyncio.get_running_loop()
        try:
            answer = self._answered(await probe(module, *self._job["arguments"]))
        except BaseException as error:
            answer = self._failed(error)
        # Ends the process from here: closing the loop would wait for tasks that will not be cancelled.
        self.finish(answer)

    def _prepare(self) -> Callable[..., Any]:
        job = self._job
        os.chdir(self._root)
        os.environ.clear()
        os.environ.update(job["environment"])
        sys.path[:] = [path for path in sys.path if path]
        sys.path.extend(path for path in job["search"] if path and path not in sys.path)
        # First, as the notebook's own directory is in a kernel.
        sys.path.insert(0, self._root)
        sys.argv = [job["file"]]
        sys.dont_write_bytecode = True
        for name in [name for name in sys.modules if name == "my" or name.startswith("my.")]:
            del sys.modules[name]
        sys.meta_path.insert(0, FreshFiles(Path(self._root)))
        linecache.clearcache()
        function: Callable[..., Any] = getattr(_module_of(job["probe"]), job["probe"]["name"])
        return function

    def _watch_for_coroutines(self) -> None:
        """Note which line of the learner's made a coroutine that nothing awaited."""
        # Python warns where such a coroutine is thrown away, and adds with this where it was made.
        sys.set_coroutine_origin_tracking_depth(1)
        shown = warnings.showwarning

        def show(message: Warning | str, category: type[Warning], *arguments: Any) -> None:
            if issubclass(category, RuntimeWarning) and (made := _MADE.search(str(message))):
                self._unawaited = self._unawaited or self._place(made[1], int(made[2]))
            shown(message, category, *arguments)

        warnings.showwarning = show  # type: ignore[assignment]

    def _answered(self, value: object) -> dict[str, Any]:
        try:
            if len(json.dumps(value)) < ANSWER_LIMIT - 1000:
                return {"value": value}
        except (TypeError, ValueError) as error:
            if "type coroutine" in str(error):
                return {"not_yet": NotYet("a value", A_COROUTINE, self._job["file"]).to_json()}
            return {
                "unclear": {
                    "what": f"{error}, as what the probe was given",
                    "where": self._job["probe"]["name"],
                }
            }
        return {"too_much": True}

    def _failed(self, error: BaseException) -> dict[str, Any]:
        if isinstance(error, NotYet):
            return {"not_yet": error.to_json()}
        described = self.describe(error)
        if not described["silent"] and (where := self._in_check(error)):
            return {"unclear": {"what": f"{type(error).__name__}: {message_of(error)}", "where": where}}
        return {"error": described}

    def _in_check(self, error: BaseException) -> str:
        """The check's own line in which an error was raised that no line of the learner's had part in."""
        if not isinstance(error, Exception) or isinstance(error, (ExceptionGroup, TimeoutError)):
            return ""
        frames = traceback.extract_tb(error.__traceback__)
        if not frames or self.describe(error)["place"] is not None:
            return ""
        inner = os.path.realpath(frames[-1].filename)
        ours = (
            os.path.dirname(os.path.dirname(os.path.realpath(__file__))) + os.sep,
            self._job["probe"]["path"],
        )
        return (frames[-1].line or frames[-1].name) if inner.startswith(ours) else ""

    def finish(self, answer: dict[str, Any]) -> NoReturn:
        """Write the answer and end the process without ceremony. The first caller wins."""
        self._once.acquire()
        if self._unawaited is not None:
            answer["unawaited"] = self._unawaited
        workers = sys.modules.get(f"{__package__}.workflows")
        if workers is not None and (noted := workers.noted_workflows()):
            answer["workflows"] = noted
        for stream in (sys.stdout, sys.stderr):
            with contextlib.suppress(Exception):
                stream.flush()
        try:
            data = memoryview(json.dumps(answer).encode() + b"\n")
            while data:
                data = data[os.write(self._answer, data) :]
        except OSError:
            os._exit(CLOSED)
        os._exit(0)

    def report_if_stuck(self) -> None:
        """Just before the time is up, tell on which of the learner's lines the process still is.

        Sooner if one of them is under way many times at once, since it calls itself.
        """
        until = time.monotonic() + self._job["limit"] - _SAMPLE_BEFORE_END
        while (left := until - time.monotonic()) > 0:
            time.sleep(min(left, _LOOK_EVERY))
            with contextlib.suppress(Exception):
                place, times = self._most_often()
                if times >= _CALLS_ITSELF:
                    self.finish({"stuck": place, "times": times})
        try:
            place = self._where()
        except Exception:
            place = None
        self.finish({"stuck": place})

    def _most_often(self) -> tuple[Place | None, int]:
        """The learner's line that is under way most often in coroutines, and how often."""
        tasks = asyncio.all_tasks(self._loop) if self._loop is not None else set()
        frames = [frame for task in tasks for frame in awaited(task.get_coro())]
        # Counted before they are looked up: a line of the SDK's is under way as often as the learner's.
        lines = Counter((frame.f_code.co_filename, frame.f_lineno) for frame in frames)
        for (file, line), times in lines.most_common():
            if place := self._place(file, line):
                return place, times
        return None, 0

    def _where(self) -> Place | None:
        frames = sys._current_frames()
        stacks: list[Iterable[types.FrameType]] = [inner_to_outer(frames[self._main])]
        if self._loop is not None:
            stacks += [awaited(task.get_coro()) for task in asyncio.all_tasks(self._loop)]
        stacks += [inner_to_outer(frame) for thread, frame in frames.items() if thread != self._main]
        for stack in stacks:
            for frame in stack:
                if place := self._place(frame.f_code.co_filename, frame.f_lineno):
                    return place
        return None

    def describe(self, error: BaseException) -> dict[str, Any]:
        """An error as JSON: its type, its message, and the learner's own line nearest to it."""
        place: Place | None = None
        while isinstance(error, BaseExceptionGroup):
            place = self._nearest(error) or place
            error = error.exceptions[0]
        for one in chain(error):
            if found := self._nearest(one):
                place = found
                break
        silent = place is None and is_silence(error)
        message = error.msg if isinstance(error, SyntaxError) else message_of(error)
        if message.startswith(_REFUSED) and error.__cause__ is not None:
            # By a worker whose sandbox could not load the workflow's file; only the cause says why.
            *_, root = chain(error)
            message = f"{message}: {type(root).__name__}: {message_of(root)}"
        return {
            "type": type(error).__name__,
            "message": shorten(message),
            "place": place,
            "silent": silent,
            "at_import": at_import(error, self._root),
        }

    def _nearest(self, error: BaseException) -> Place | None:
        place: Place | None = None
        if isinstance(error, SyntaxError) and error.filename:
            place = self._place(error.filename, error.lineno or 1)
        frame = error.__traceback__
        if place is None:
            while frame is not None:
                # The last one found is the innermost.
                place = self._place(frame.tb_frame.f_code.co_filename, frame.tb_lineno) or place
                frame = frame.tb_next
        return place

    def _place(self, filename: str, line: int) -> Place | None:
        path = _real(filename)
        if not path.startswith(os.path.join(self._root, "my") + os.sep):
            return None
        source = shorten(linecache.getline(path, line), 300)
        return {"file": Path(os.path.relpath(path, self._root)).as_posix(), "line": line, "source": source}


@functools.cache
def _real(filename: str) -> str:
    # Code that calls itself has thousands of frames, and each look at the file system waits for its turn.
    return os.path.realpath(filename)


def _module_of(probe: dict[str, str]) -> types.ModuleType:
    try:
        return importlib.import_module(probe["module"])
    except ModuleNotFoundError:
        spec = importlib.util.spec_from_file_location(probe["module"], probe["path"])
        if spec is None or spec.loader is None:
            raise
        module = importlib.util.module_from_spec(spec)
        sys.modules[probe["module"]] = module
        spec.loader.exec_module(module)
        return module


_MADE = re.compile(r"was never awaited\nCoroutine created at .*\n  File \"([^\"]+)\", line (\d+)")


# --- entry -------------------------------------------------------------------------------------------


def _once() -> NoReturn:
    """One run without a fork: imports what the command line names, then takes the job from stdin.

    The answer is appended to the file that the command line names first.
    """
    prefork.import_quietly(sys.argv[3:])
    answer = os.open(sys.argv[2], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.write(answer, b"ready\n")
    run(json.loads(sys.stdin.buffer.readline()), answer, None)


if __name__ == "__main__" and sys.argv[1:2] == ["once"]:
    _once()
