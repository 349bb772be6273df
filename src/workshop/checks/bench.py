"""What a check function works with: its own scope, the learner's file run in a child, the gateway's record.

A check function gets a :class:`Bench`, judges what it observes, and raises :class:`NotYet` with what it
expected and what it got::

    async def haiku(bench: Bench) -> str:
        answer = await bench.run(probe_haiku, "Write about rain.")
        calls = bench.meter().model.completed
        if calls != 1:
            raise NotYet("one model call", f"{calls} model calls", "the call of Runner.run")
        return f"Your agent answered: {answer}"

    async def probe_haiku(module: ModuleType, prompt: str) -> str:      # runs in the child
        agent = need(module, "agent", Agent)
        return (await Runner.run(agent, prompt)).final_output
"""

from __future__ import annotations

import asyncio
import contextlib
import inspect
import os
import re
import secrets
import signal
import sys
import time
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from workshop import catalog
from workshop.errors import ServerSilent
from workshop.settings import Service, Settings, load

from .child import CLOSED, Job, Place
from .exercise import Exercise
from .fresh import Fresh
from .needs import describe, need, need_free_loop, need_function, place_of
from .outcomes import CourseProblem, NotYet, NotYetAttempted, Unclear, shorten
from .runner import Report, runner
from .tracebacks import hint_at_cause

if TYPE_CHECKING:
    from workshop.lab.faults import Fault
    from workshop.lab.gateway_client import Exchange, FaultKind, FaultRoute, GatewayClient, Meter
    from workshop.lab.processes import Process

    from .replays import Known

Probe = Callable[..., Any]

_REPORT = "Restart the kernel and try again. If the problem remains, report it to the authors of the course."
_MARGIN = 0.2


class Bench:
    """One run of one check. Made by the engine; use it in ``async with``.

    Attributes:
        exercise: What is checked.
        scope: The gateway scope that only this check uses; deleted at the end.
        directory: Where the learner's ``my/`` is.
        printed: What the learner's code printed in the latest :meth:`run`, its first part.
        fresh: Draws input that no answer can know: names, amounts, states.
        began: When the check began, as seconds since 1970.
        worked_in: Where the learner's ``my/`` was in the latest :meth:`run` or :meth:`process`.
        imported: The file of the latest :meth:`run`.
        known: The workflows that its workers had, by type.
        unawaited: The learner's line that made a coroutine which nothing awaited, in any :meth:`run`; or empty.
    """

    def __init__(self, exercise: Exercise, directory: Path, settings: Settings | None = None) -> None:
        self.exercise = exercise
        self.directory = directory
        self.settings = settings or load()
        self.scope = f"check-{exercise.id}-{secrets.token_hex(4)}"
        self.printed = ""
        self.unawaited = ""
        self.fresh = Fresh(exercise.id)
        self.began = time.time()
        self.known: dict[str, Known] = {}
        self.imported: str | None = None
        self.worked_in = directory
        self._kept = contextlib.ExitStack()
        self._client: GatewayClient | None = None
        self._processes: list[Process] = []
        self._deadline = time.monotonic() + exercise.timeout

    async def __aenter__(self) -> Bench:
        return self

    async def __aexit__(self, *_: object) -> None:
        self.close()

    # --- the learner's code --------------------------------------------------------------------------

    async def run(
        self,
        probe: Probe,
        *arguments: Any,
        file: str | None = None,
        timeout: float | None = None,
        env: dict[str, str] | None = None,
    ) -> Any:
        """Import the learner's file in a child process and call ``probe(module, *arguments)`` there.

        Args:
            probe: A function on the top level of a module, async or not. It returns what can be sent as JSON.
            arguments: Sent as JSON.
            file: Which file; the exercise's own unless given.
            timeout: Seconds for this run; what is left of the check's time unless given.
            env: Environment variables to add.

        Returns:
            What the probe returned.

        Raises:
            NotYet: the probe raised it, or the learner's code raised, ended its process, or took too long.
            CourseProblem: the probe cannot be used or no process can be started.
        """
        path = file or self.exercise.file
        if not self.path(path).is_file():
            raise NotYetAttempted(missing_file(path))
        left = self.remaining() - _MARGIN
        limit = max(0.1, left if timeout is None else min(timeout, left))
        report = await runner().run(
            Job(
                root=str(self.directory.resolve()),
                file=path,
                probe=_address(probe),
                arguments=list(arguments),
                environment=self.environment() | (env or {}),
                search=[*sys.path],
                limit=limit,
            )
        )
        self._deadline += report.started_in
        self.printed = report.printed
        for one in (report.answer or {}).get("workflows", ()):
            self.known[one["type"]] = one
        self.worked_in, self.imported = self.directory, path
        if report.answer and (unawaited := report.answer.get("unawaited")):
            self.unawaited = _told(unawaited)
        told = self.exercise.timeout if timeout is None or timeout > left else timeout
        return _value(report, path, told)

    async def process(
        self, file: str | None = None, *arguments: str, env: dict[str, str | None] | None = None
    ) -> Process:
        """Start the learner's file as a script, as ``lab.process`` does, in this check's scope.

        It is killed at the end of the check. Its waits are bounded by their own timeouts and by the check's.

        Args:
            file: Which file; the exercise's own unless given.
            arguments: What it finds in ``sys.argv[1:]``.
            env: Environment variables to add, or with None to take away.
        """
        from workshop.lab.processes import Process

        path = file or self.exercise.file
        if not self.path(path).is_file():
            raise NotYetAttempted(missing_file(path))
        wanted = self.environment()
        changes: dict[str, str | None] = dict.fromkeys(set(os.environ) - set(wanted))
        # A process has no directory argument: it starts in the current one, which differs from the learner's
        # only when a grader runs the check.
        with contextlib.chdir(self.directory):
            started = Process(
                path,
                *arguments,
                name=f"{self.scope}-{Path(path).stem}",
                env={**changes, **wanted, **(env or {})},
            )
        self._processes.append(started)
        self.worked_in = self.directory
        return started

    def keep(self, folder: contextlib.AbstractContextManager[str]) -> Path:
        """Enter a temporary folder that stays until the check's end."""
        return Path(self._kept.enter_context(folder))

    def living(self) -> list[Process]:
        """The processes of this check that still run."""
        return [one for one in self._processes if one.running]

    def dead(self) -> Process | None:
        """A process of this check that has ended with an error, and that nobody has killed; None if none has."""
        # One that was killed, by the check or by the system, has a negative code.
        ended = (one for one in self._processes if not one.running)
        return next((one for one in ended if (one.returncode or 0) > 0), None)

    def openness(self, file: str | None = None) -> catalog.Openness | None:
        """Why a file holds nothing of the learner's yet; None where it does. The exercise's own unless given."""
        file = file or self.exercise.file
        written = catalog.exercise_of(file)
        return catalog.openness(self.path(file), written.shipped if written else None)

    def path(self, file: str | None = None) -> Path:
        """A file of the learner's on disk; the exercise's own unless given."""
        return self.directory / (file or self.exercise.file)

    def environment(self) -> dict[str, str]:
        """The environment of the learner's code: this check's scope, no key, no proxy, no tracing."""
        kept = {
            name: value
            for name, value in os.environ.items()
            # Whatever a learner or a machine has set for OpenAI's client or for Python is not the exercise's.
            if not name.upper().startswith(("OPENAI_", "PYTHON")) and name.upper() not in _PROXIES
        }
        for service in ("weather", "ip", "geo"):
            # Said outright, since .env may send the tools elsewhere.
            kept[f"WORKSHOP_{service.upper()}_URL"] = f"{self.settings.scope_url(self.scope)}/{service}"
        kept |= self.settings.client_environment(self.scope)
        kept |= {
            "OPENAI_AGENTS_DISABLE_TRACING": "1",
            "PYTHONDONTWRITEBYTECODE": "1",
            "WORKSHOP_NO_PROGRESS": "1",
            "WORKSHOP_MODE": "practice",
            # Also spares macOS the look into its system settings, which a forked process must not take.
            "NO_PROXY": "127.0.0.1,localhost",
        }
        return kept

    # --- the gateway's record ------------------------------------------------------------------------

    @property
    def gateway(self) -> GatewayClient:
        """The gateway's control routes for this check's scope."""
        if self._client is None:
            from workshop.lab.gateway_client import GatewayClient

            self._client = GatewayClient.for_scope(self.scope, self.settings)
        return self._client

    def transcript(self) -> list[Exchange]:
        """The requests and replies of this check so far, in order of arrival."""
        return self.gateway.transcript()

    def model_calls(self) -> list[Exchange]:
        """The model calls among them."""
        return [exchange for exchange in self.transcript() if exchange.route == "model"]

    def service_paths(self, service: Service) -> list[str]:
        """The paths that one of the tools' services was asked for, in order: ``/s/.../weather/...``."""
        asked = [exchange for exchange in self.transcript() if exchange.route == service]
        return [str(exchange.request.get("path", "")) for exchange in asked]

    def meter(self) -> Meter:
        """What this check's calls have cost so far."""
        return self.gateway.meter()

    def reset_meter(self) -> None:
        """Forget the calls so far, so that the next run is judged alone."""
        self.gateway.reset_meter()

    def fault(
        self,
        route: FaultRoute,
        kind: FaultKind,
        *,
        calls: int | None = None,
        seconds: float | None = None,
        after: int = 0,
        retry_after: float | None = None,
        delay: float | None = None,
        status: int | None = None,
        when: Literal["before", "after"] = "before",
    ) -> Fault:
        """Make calls of this check fail; see :func:`workshop.lab.faults.fault` for the arguments."""
        from workshop.lab.faults import Fault
        from workshop.lab.gateway_client import FaultSpec

        spec = FaultSpec(
            route=route,
            kind=kind,
            calls=calls,
            seconds=seconds,
            after=after,
            retry_after=retry_after,
            delay=delay,
            status=status,
            when=when,
        )
        return Fault(self.gateway, self.gateway.add_fault(spec), spec)

    # --- time ----------------------------------------------------------------------------------------

    def remaining(self) -> float:
        """Seconds until the check's time is up; the start of child processes does not count."""
        return self._deadline - time.monotonic()

    def grant(self, seconds: float) -> None:
        """Let no less than these seconds remain."""
        self._deadline = max(self._deadline, time.monotonic() + seconds)

    def begin(self) -> None:
        """Start the clock, and force practice mode on the scope.

        Raises:
            GatewayError: the gateway does not answer.
        """
        self.gateway.set_mode("practice")
        self._deadline = time.monotonic() + self.exercise.timeout

    async def finish_in_time(self, judging: Awaitable[str | None]) -> str | None:
        """Await the check function; what still runs when the time is up is cancelled.

        Raises:
            NotYet: the time was up.
        """
        task = asyncio.ensure_future(judging)
        try:
            while not task.done():
                # A start of a child may have moved the deadline meanwhile, so look again.
                await asyncio.wait([task], timeout=max(0.0, self.remaining()))
                if not task.done() and self.remaining() <= 0:
                    raise still_running(self.exercise.timeout, None, self.exercise.file)
        finally:
            if not task.done():
                task.cancel()
                await asyncio.wait([task], timeout=2)
        return task.result()

    def close(self) -> None:
        """Kill the check's processes and forget its scope. Never raises."""
        for process in self._processes:
            with contextlib.suppress(Exception):
                process.kill()
        self._processes.clear()
        self._kept.close()
        if self._client is not None:
            with contextlib.suppress(Exception):
                self._client.forget_scope()
            self._client.close()
            self._client = None


_PROXIES = frozenset({"HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"})


def missing_file(file: str) -> str:
    """What is said of a file that is not there."""
    return f"{file} does not exist: run the cell that writes it"


def still_running(seconds: float, place: Place | None, file: str, times: int = 1) -> NotYet:
    """The verdict on code that took too long."""
    expected = f"an answer within {seconds:g} s"
    if place is None:
        verdict = NotYet(expected, "still running", file)
    else:
        again = f"it calls itself again and again: {times} calls of the line below are running at once"
        verdict = NotYet(expected, again if times > 1 else "still running at the line below", _told(place))
    verdict.late = True
    return verdict


def _told(place: Place) -> str:
    # The line's text, since its number would be counted without the notebook's `%%writefile`.
    return (
        f"{place['file']}: {place['source']}" if place["source"] else f"{place['file']}, line {place['line']}"
    )


def _address(probe: Probe) -> dict[str, str]:
    name = probe.__qualname__
    if "." in name or "<" in name:
        raise CourseProblem(f"The probe {name} is not on the top level of its module.", _REPORT)
    return {"module": probe.__module__, "path": inspect.getfile(probe), "name": probe.__name__}


def _value(report: Report, file: str, seconds: float) -> Any:
    answer = report.answer
    if answer is None:
        raise _without_answer(report, file, seconds)
    if "value" in answer:
        return answer["value"]
    if "not_yet" in answer:
        raise NotYet(**answer["not_yet"])
    if "stuck" in answer:
        raise still_running(seconds, answer["stuck"], file, answer.get("times", 1))
    if "too_much" in answer:
        raise NotYet("an answer of a few kilobytes", "an answer of several megabytes", file)
    if "error" in answer:
        if answer["error"]["silent"]:
            raise ServerSilent(answer["error"]["message"])
        raise _raised(answer["error"], file)
    if "unclear" in answer:
        raise Unclear(**answer["unclear"])
    raise CourseProblem(f"The check itself is at fault: {shorten(str(answer.get('broken')))}", _REPORT)


def _raised(error: dict[str, Any], file: str) -> NotYet:
    place: Place | None = error["place"]
    look = _told(place) if place else file
    message = error["message"]
    got = f"{error['type']}: {message}" if message else str(error["type"])
    if error["type"] == "SystemExit":
        got = f"the code ended its process (sys.exit, with {message or 'no code'})"
    elif message == "'module' object is not callable" and place and place["source"].startswith("@"):
        got = f"`{place['source']}` is a module, not a decorator; `{place['source']}.defn` may be meant"
    elif error["at_import"] and place and _RUNS.search(place["source"]):
        got = f"this line runs whenever the file is imported, by a worker too: {_BELOW} ({got})"
    elif _COROUTINE.search(message):
        got = f"an `await` is missing: without it, the call returns a coroutine, not the result ({got})"
    else:
        got = hint_at_cause(got, look)
    return NotYet(f"{file} to run without an error", got, look)


_RUNS = re.compile(r"\brun(_sync|_until_complete)?\(")
_BELOW = 'put it below `if __name__ == "__main__":`, or remove it'

_COROUTINE = re.compile(r"""['"]coroutine['"]|coroutine object|type[ =]'?coroutine\b""")
"""In messages such as ``'coroutine' object has no attribute 'final_output'``."""


def _without_answer(report: Report, file: str, seconds: float) -> NotYet:
    if report.ended == "time":
        return still_running(seconds, None, file)
    got = f"its process ended itself with exit code {report.code} (os._exit?)"
    if report.ended == "signal":
        known = {member.value: member.name for member in signal.Signals}
        got = f"its process was killed by {known.get(report.code, f'signal {report.code}')}"
    elif report.code == CLOSED:
        got = "it closed files or sockets that it had not opened"
    return NotYet(f"{file} to run to its end", got, file)


def placeholder_line(path: Path) -> tuple[int, str] | None:
    """The first line of a file that is still a place for the learner's code: its number and text."""
    with contextlib.suppress(OSError):
        lines: Sequence[str] = path.read_text(encoding="utf-8", errors="replace").splitlines()
        for number, line in enumerate(lines, 1):
            if _PLACEHOLDER.search(line):
                return number, line.strip()
    return None


_PLACEHOLDER = re.compile(r"\.\.\.\s*# your code here\s*$")

__all__ = [
    "Bench",
    "CourseProblem",
    "NotYet",
    "NotYetAttempted",
    "Probe",
    "describe",
    "missing_file",
    "need",
    "need_free_loop",
    "need_function",
    "place_of",
    "placeholder_line",
    "still_running",
]
