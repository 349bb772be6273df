"""What checks need around a worker and a workflow's history.

The check functions run in the notebook's kernel and talk to the server with :func:`connect`, :func:`start_run` and
:func:`handle_of`; their probes run in the child process and put the learner's workflows and activities to work
with :func:`running_worker`. Both judge by the same record: :func:`activity_runs` reads it.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import os
import re
import shutil
import sys
import tempfile
import time
import traceback
from collections.abc import AsyncIterator, Awaitable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path, PurePath
from types import ModuleType
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from .bench import Bench, NotYet, NotYetAttempted, need, need_function, place_of

if TYPE_CHECKING:
    from temporalio.api.common.v1 import Payload
    from temporalio.api.failure.v1 import Failure
    from temporalio.api.history.v1 import HistoryEvent
    from temporalio.client import Client, WorkflowHandle

    from workshop.lab.errors import LabError
    from workshop.lab.processes import Process

_LOOK_EVERY = 0.4
"""Seconds between looks at what stands in a run's way."""

_BUSY = 0.05
"""Seconds of a processor's time within one second; a worker that waits for work needs less than a tenth of it."""

_IDLE = 3.0
"""Seconds without work after which a worker process is not about to ask for any."""

_NEVER_HEALS = frozenset(
    {
        "AttributeError",
        "BankRefused",
        "ImportError",
        "ModuleNotFoundError",
        "NameError",
        "NotFoundError",  # the worker's own: it does not have the activity
        "TypeError",
        "UnboundLocalError",
    }
)
"""Errors of an activity that a second attempt has shown to stay, however often it is tried again."""

BUILD_ID = "check"
"""What workers and replayers in the child give as ``build_id``: to make one up takes them a third of a second."""

Told = TypeVar("Told")
Ended = Literal["completed", "failed", "timed out", "cancelled", ""]


# --- in the child process ----------------------------------------------------------------------------


@contextlib.asynccontextmanager
async def running_worker(
    *, client: Client | None = None, queue: str | None = None, plugins: Sequence[Any] = (), **what: Any
) -> AsyncIterator[Client]:
    """In the child: a client, and a worker on this check's queue for as long as the block lasts.

    Args:
        client: The worker's client; one that is connected here unless given.
        queue: The task queue; :func:`task_queue` unless given.
        plugins: The plugins of a client that is connected here; the worker inherits them.
        what: The worker's own arguments: ``workflows``, ``activities`` and so on.
    """
    from temporalio.client import Client
    from temporalio.worker import Worker

    client = client or await Client.connect(os.environ["TEMPORAL_ADDRESS"], plugins=plugins)
    given = {"build_id": BUILD_ID, "workflow_task_executor": _workflow_threads(), **what}
    with _noting_failures():
        worker = Worker(client, task_queue=queue or task_queue(), **given)
        await worker.__aenter__()
        # After an error it is left as it is, since the process ends with it: a worker waits for all that it runs,
        # and code that hangs would hold it up.
        yield client
        await worker.__aexit__(None, None, None)


def _workflow_threads() -> ThreadPoolExecutor:
    """As many as a worker makes for itself. In these, a coroutine knows which line of a workflow made it."""
    return ThreadPoolExecutor(500, initializer=sys.set_coroutine_origin_tracking_depth, initargs=(1,))


_failures: dict[str, BaseException] = {}
"""In the child: how a workflow's code failed in the worker of this process; by the workflow's id.

The history keeps only the first failure of a task; what a repaired workflow fails with is known only here.
"""


@contextlib.contextmanager
def _noting_failures() -> Iterator[None]:
    _failures.clear()
    log = logging.getLogger("temporalio.worker")
    handler = _Failures()
    log.addHandler(handler)
    try:
        yield
    finally:
        log.removeHandler(handler)


class _Failures(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        workflow = getattr(record, "temporal_workflow", None)
        error = record.exc_info[1] if record.exc_info else None
        if getattr(record, "__temporal_error_identifier", "") == "WorkflowTaskFailure" and workflow and error:
            _failures[workflow["workflow_id"]] = error


async def misfit(handle: WorkflowHandle[Any, Any], **what: Any) -> str:
    """In the child: why a run's history does not lead these workflows along the same path; empty if it does.

    Code that fails in other ways than by taking another path is not a misfit.

    Args:
        handle: The run.
        what: The replayer's own arguments: ``workflows`` and so on.
    """
    from temporalio.worker import Replayer
    from temporalio.workflow import NondeterminismError

    replayer = Replayer(**{"build_id": BUILD_ID, "workflow_task_executor": _workflow_threads(), **what})
    replayed = await replayer.replay_workflow(await handle.fetch_history(), raise_on_replay_failure=False)
    if not isinstance(replayed.replay_failure, NondeterminismError):
        return ""
    # What the SDK says is the message of a failure in the midst of that failure's other fields.
    said = re.search(r'message: "(?:\[TMPRL\d+\] )?(.*?)", source: ', str(replayed.replay_failure))
    return said[1] if said else str(replayed.replay_failure)


def task_queue() -> str:
    """In the child: the queue of this check's own workers."""
    return "check-" + os.environ["WORKSHOP_SCOPE"]


def need_activity(module: ModuleType, name: str) -> Any:
    """The activity ``name`` of the learner's module, an ``async def``.

    Raises:
        NotYet: it is missing, or is none.
    """
    function = need_function(module, name, is_async=True)
    definition = getattr(function, "__temporal_activity_definition", None)
    if definition is None:
        raise NotYet(
            f"`{name}`, an activity", "a function without @activity.defn", place_of(module, function)
        )
    # A dynamic activity has no name: it takes what no other one does.
    if definition.name not in (name, None):
        raise NotYet(
            f"`{name}`, an activity of that name",
            f"its decorator names it {definition.name!r}",
            place_of(module, function),
        )
    return function


def probe_numbers(module: ModuleType, names: list[str]) -> dict[str, int]:
    """A probe: the learner's predictions of a run, each a whole number."""
    found = {}
    for name in names:
        value = need(module, name, int, "a whole number")
        if isinstance(value, bool):
            raise NotYet(f"`{name}`, a whole number", f"{value}", place_of(module))
        found[name] = value
    return found


def judge_numbers(predicted: Mapping[str, int], seen: Mapping[str, int]) -> str:
    """Compare what was predicted with what was seen; in words, what was.

    Raises:
        NotYet: they differ. It says in which direction, not the number itself, which is one thought away.
    """
    for name, right in seen.items():
        if predicted[name] != right:
            more = "more" if predicted[name] < right else "less"
            raise NotYet(f"{name} as it really came out", f"{predicted[name]}; it is {more}", f"`{name}`")
    return f"It came out as: {', '.join(f'{name} = {value}' for name, value in seen.items())}"


# --- in the check ------------------------------------------------------------------------------------


def need_done(bench: Bench, file: str, exercise_id: str) -> None:
    """Make sure that a file of another exercise holds an answer: the learner's, or the course's standing in.

    Raises:
        NotYetAttempted: it is missing or still open.
    """
    if bench.openness(file, exercise_id) in ("missing", "as shipped"):
        raise NotYetAttempted(f"exercise {exercise_id} comes first: {file} is still open")


@contextlib.contextmanager
def course_files(bench: Bench, *files: str) -> Iterator[None]:
    """Let a check go on in a copy of the learner's ``my/`` where these files are the course's own.

    For what another exercise's file brings along, and has no need of its answer.
    """
    from workshop import lessons

    given = lessons.lesson(bench.exercise.lesson).files
    own = bench.directory
    with tempfile.TemporaryDirectory(prefix="workshop-check-", ignore_cleanup_errors=True) as folder:
        shutil.copytree(own / "my", Path(folder) / "my", ignore=shutil.ignore_patterns("__pycache__"))
        for file in files:
            path = Path(folder) / file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(given[file], encoding="utf-8")
        bench.directory = Path(folder)
        try:
            yield
        finally:
            bench.directory = own


async def connect(bench: Bench) -> Client:
    """A client of the server that the check uses."""
    from temporalio.client import Client

    return await Client.connect(bench.settings.temporal_address)


async def start_run(
    bench: Bench, name: str, argument: Any, *, queue: str, workflow_id: str = ""
) -> WorkflowHandle[Any, Any]:
    """Start a workflow for the learner's own worker process.

    Args:
        bench: The check's.
        name: The workflow's type.
        argument: What it is given.
        queue: The task queue that the lesson's files name, without the scope: ``"transfers"``.
        workflow_id: The check's scope unless given.
    """
    client = await connect(bench)
    return await client.start_workflow(
        name, argument, id=workflow_id or bench.scope, task_queue=f"{queue}-{bench.scope}"
    )


async def handle_of(bench: Bench, workflow_id: str = "") -> WorkflowHandle[Any, Any]:
    """The run with this id; the check's scope unless given."""
    return (await connect(bench)).get_workflow_handle(workflow_id or bench.scope)


async def started_runs(bench: Bench, number: int, *, queue: str) -> list[WorkflowHandle[Any, Any]]:
    """The runs on a queue of this check's; the server lists a run a moment after it has started.

    Args:
        bench: The check's.
        number: How many are expected; waits until there are that many, five seconds at most.
        queue: As :func:`start_run` takes it.
    """
    client = await connect(bench)
    found: list[WorkflowHandle[Any, Any]] = []
    for _ in range(50):
        query = f"TaskQueue = '{queue}-{bench.scope}'"
        found = [
            client.get_workflow_handle(run.id, run_id=run.run_id)
            async for run in client.list_workflows(query)
        ]
        if len(found) >= number:
            break
        await asyncio.sleep(0.1)
    return found


# --- in both -----------------------------------------------------------------------------------------


async def result_of(
    handle: WorkflowHandle[Any, Any],
    look: str,
    *,
    what: str = "the run",
    process: Process | None = None,
    timeout: float = 25,
) -> Any:
    """A workflow's result.

    Args:
        handle: The run.
        look: Where to look if there is none.
        what: What is to complete, for the message.
        process: The learner's worker, whose end is reported if it has ended.
        timeout: Seconds to wait; why it takes longer is mostly known before.

    Raises:
        NotYet: there is none; it says what stands in its way, with the learner's own line if that fails.
    """
    from workshop.lab.results import WorkflowFailed

    expected = f"{what} to complete"
    try:
        return await _result_or_why(handle, expected, look, process, timeout)
    except WorkflowFailed as error:
        raise _without_result(error, expected, look) from None


async def ending_of(
    handle: WorkflowHandle[Any, Any], look: str, *, what: str = "the run", timeout: float = 25
) -> str:
    """How a run ends: ``completed``, ``failed``, ``cancelled``, ``timed out`` or ``terminated``.

    Arguments and errors are those of :func:`result_of`.
    """
    from workshop.lab.results import WorkflowFailed

    try:
        await _result_or_why(handle, f"{what} to end", look, None, timeout)
    except WorkflowFailed as error:
        return error.how
    return "completed"


async def beside(
    handle: WorkflowHandle[Any, Any],
    doing: Awaitable[Told],
    look: str,
    *,
    expected: str,
    process: Process | None = None,
    timeout: float = 10,
) -> Told:
    """Await something that needs a run's code, such as the answer to an update; not longer than that code can run.

    Args:
        handle: The run.
        doing: What is awaited.
        look: Where to look if it does not come.
        expected: What is expected, for the message.
        process: As :func:`result_of` takes it.
        timeout: Seconds to wait.

    Raises:
        NotYet: it does not come; why, as :func:`result_of` tells it.
    """
    from temporalio.service import RPCError

    from workshop.lab.results import WorkflowFailed

    wanted = asyncio.ensure_future(doing)
    run = asyncio.ensure_future(_result_or_why(handle, expected, look, process, timeout))
    try:
        await asyncio.wait({wanted, run}, return_when=asyncio.FIRST_COMPLETED)
        if not wanted.done() or isinstance(wanted.exception(), RPCError):
            # Why the server has no answer, the run knows; or it has ended, and what is awaited came just before.
            await asyncio.wait({wanted, run}, timeout=_LOOK_EVERY * 5)
        if wanted.done() and not isinstance(wanted.exception(), RPCError):
            return wanted.result()
        try:
            if run.done():
                run.result()
        except WorkflowFailed as error:
            raise _without_result(error, expected, look) from None
        raise NotYet(expected, "the run completed before that" if run.done() else "nothing", look)
    finally:
        _let_go(wanted, run)


async def _result_or_why(
    handle: WorkflowHandle[Any, Any], expected: str, look: str, process: Process | None, timeout: float
) -> Any:
    from workshop.lab.errors import LabError
    from workshop.lab.results import NoResultYet, WorkflowFailed, result

    began = time.monotonic()
    while True:
        waiting = asyncio.ensure_future(result(handle, timeout=timeout))
        try:
            await _watch(waiting, handle, expected, look, process)
            return waiting.result()
        except WorkflowFailed:
            raise
        except LabError as error:
            left = timeout - (time.monotonic() - began)
            early = isinstance(error, NoResultYet) and error.reason == "no worker" and left > 0
            if process is not None and not process.running:
                raise _worker_ended(process, look) from None
            if process is None or not (early and await _is_busy(process)):
                raise _without_result(error, expected, look) from None
        finally:
            _let_go(waiting)


def _let_go(*tasks: asyncio.Future[Any]) -> None:
    for task in tasks:
        # An error that nobody asks for would be printed when the task is thrown away.
        if not task.cancel() and not task.cancelled():
            task.exception()


async def _watch(
    waiting: asyncio.Future[Any],
    handle: WorkflowHandle[Any, Any],
    expected: str,
    look: str,
    process: Process | None,
) -> None:
    """Wait for a result, and stop where nothing that waiting brings can help: sooner than the learner would.

    Raises:
        NotYet: the run's code failed in this process's worker, an attempt's error will stay, or the learner's worker
            has ended or asks for other work.
    """
    from temporalio.service import RPCError

    idle = _Idle(process)
    while not waiting.done():
        await asyncio.wait({waiting}, timeout=_LOOK_EVERY)
        if waiting.done():
            return
        if error := _failures.get(handle.id):
            raise _code_failed(error, expected, look)
        if process is not None and not process.running:
            # It may have completed the run just before.
            await asyncio.wait({waiting}, timeout=1)
            if not waiting.done():
                raise _worker_ended(process, look)
            return
        with contextlib.suppress(RPCError):
            await _look_at_attempts(handle, expected, look)
            if idle.for_long():
                await _look_for_pollers(handle, expected, look)


class _Idle:
    """How long a process has had nothing to do; never, if there is none."""

    def __init__(self, process: Process | None) -> None:
        self._process = process
        self._since = time.monotonic()
        self._used = 0.0

    def for_long(self) -> bool:
        used = _processor_time(self._process) if self._process is not None else None
        if used is None:
            return False
        now = time.monotonic()
        if used - self._used > _BUSY * _IDLE:
            self._since, self._used = now, used
        return now - self._since > _IDLE


async def _is_busy(process: Process) -> bool:
    """Whether a process that does not ask for work yet is still importing, as it may be on a slow machine."""
    before = _processor_time(process)
    await asyncio.sleep(1)
    after = _processor_time(process)
    return before is not None and after is not None and after - before > _BUSY


def _processor_time(process: Process) -> float | None:
    import psutil

    try:
        times = psutil.Process(process.pid).cpu_times()
    except psutil.Error:
        return None
    return float(times.user + times.system)


async def _look_at_attempts(handle: WorkflowHandle[Any, Any], expected: str, look: str) -> None:
    from workshop.runs.events import own_line, type_of, typed_cause_of

    for one in (await handle.describe()).raw_description.pending_activities:
        # Where the attempts are limited, the workflow will hear of it, and may have an answer.
        endless = one.attempt > 2 and not one.maximum_attempts
        if endless and type_of(one.last_failure) in _NEVER_HEALS:
            got = f"{one.activity_type.name}: attempt {one.attempt - 1} failed: {typed_cause_of(one.last_failure)}"
            raise NotYet(expected, got, _mine(own_line(one.last_failure)) or look)


async def _look_for_pollers(handle: WorkflowHandle[Any, Any], expected: str, look: str) -> None:
    """The learner's worker has nothing to do: does it ask for the work that there is?"""
    from temporalio.api.enums.v1 import TaskQueueType
    from temporalio.api.taskqueue.v1 import TaskQueue
    from temporalio.api.workflowservice.v1 import DescribeTaskQueueRequest

    client = handle._client
    queue = (await handle.describe()).task_queue
    asked_for = []
    for kind in (TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW, TaskQueueType.TASK_QUEUE_TYPE_ACTIVITY):
        request = DescribeTaskQueueRequest(
            namespace=client.namespace, task_queue=TaskQueue(name=queue), task_queue_type=kind
        )
        asked_for.append(bool((await client.workflow_service.describe_task_queue(request)).pollers))
    workflows, activities = asked_for
    if not workflows and activities:
        raise NotYet(expected, f"the worker takes no workflows from the task queue {queue!r}", "`workflows=`")
    if not workflows:
        raise NotYet(
            expected,
            f"the process runs, but takes no work from the task queue {queue!r}",
            "`task_queue=`, and `await worker.run()`",
        )


# --- in words ----------------------------------------------------------------------------------------


def _without_result(error: LabError, expected: str, look: str) -> NotYet:
    line = getattr(error, "line", None)
    said = [
        text
        for text in str(error).splitlines()
        # A check's own run is lost, and its line is told apart.
        if not text.startswith("Nothing is lost") and text.strip() != str(line)
    ]
    return NotYet(expected, _hint_at_await("\n".join(said)), _mine(line) or look)


def _code_failed(error: BaseException, expected: str, look: str) -> NotYet:
    from workshop.runs.events import own_line_of_text

    line = own_line_of_text("".join(traceback.format_exception(error)))
    while error.__cause__ is not None:
        error = error.__cause__
    said = f"the workflow's code fails: {type(error).__name__}: {error}"
    return NotYet(expected, _hint_at_await(said), _mine(line) or look)


def _worker_ended(process: Process, look: str) -> NotYet:
    # One that came to its end in good order had nothing to wait for.
    return process_ended(
        process, "a worker that waits for work", look if process.returncode else "`await worker.run()`"
    )


def process_ended(process: Process, expected: str, look: str) -> NotYet:
    """The verdict on a process of the learner's that has ended, and should not have, or not like that.

    Args:
        process: Which one.
        expected: What it should have done.
        look: Where to look if its output names no line of the learner's.
    """
    error, line = error_in(process.output())
    if not error:
        last = "\n".join(process.last_lines(5)).strip()
        how = "without an error" if process.returncode == 0 else f"with exit code {process.returncode}"
        error = f"{how}; it printed: {last}" if last else f"{how}, and printed nothing"
        return NotYet(expected, f"its process ended {error}", look)
    return NotYet(expected, f"its process ended: {error}", line or look)


def error_in(output: str) -> tuple[str, str]:
    """What a process's output says went wrong, and in which line of the learner's; empty texts if nothing did.

    That is the last traceback's own last line, or else a coroutine that nothing awaited.
    """
    from workshop.runs.events import own_line_of_text

    # In an exception group, each line has a margin.
    lines = [re.sub(r"^\s*\| ", "", line) for line in output.splitlines()]
    frames = [n for n, line in enumerate(lines) if _FRAME.match(line)]
    for n, line in enumerate(lines[frames[-1] + 1 :] if frames else (), frames[-1] + 1 if frames else 0):
        if line and not line[0].isspace() and not line.startswith("+"):
            begun = max((m for m in range(n) if lines[m].startswith("Traceback ")), default=0)
            # A file that cannot be read is named in the last frame; the line above it has only imported that file.
            unread = "" if ", in " in lines[frames[-1]] else _syntax_error(lines, frames[-1])
            place = unread or _mine(own_line_of_text("\n".join(lines[begun:n])))
            # "temporalio.service.RPCError: ..." is an RPCError.
            return _hint_at_await(re.sub(r"^(?:\w+\.)+(?=\w+(?::|$))", "", line)), place
    return _never_awaited(output)


_FRAME = re.compile(r'^\s*File "(?P<file>[^"]+)", line (?P<line>\d+)')
_UNAWAITED = re.compile(
    r"^(?P<file>.+?):(?P<line>\d+): RuntimeWarning: coroutine '(?P<name>[^']+)' was never awaited\n"
    r"(?:  (?P<source>.*))?",
    re.MULTILINE,
)


def _syntax_error(lines: Sequence[str], frame: int) -> str:
    """Where a file cannot be read: such a line in a traceback names no function."""
    found = _FRAME.match(lines[frame])
    source = lines[frame + 1].strip() if frame + 1 < len(lines) else ""
    return _place(found["file"], found["line"], source) if found else ""


def _never_awaited(output: str) -> tuple[str, str]:
    found = _UNAWAITED.search(output)
    if found is None:
        return "", ""
    name = found["name"]
    missing = "`asyncio.run(main())`" if name == "main" else "an `await`"
    said = f"{missing} is missing: the coroutine of `{name}` was never awaited"
    return said, _place(found["file"], found["line"], (found["source"] or "").strip())


def _place(file: str, line: str, source: str) -> str:
    """A line of the learner's, as ``my/folder/file.py, line 3: ...``; empty for a file that is not the learner's."""
    from workshop.runs.events import CodeLine

    parts = PurePath(file.replace("\\", "/")).parts
    if "my" not in parts[:-1]:
        return ""
    own = len(parts) - 1 - parts[::-1].index("my")
    return str(CodeLine("/".join(parts[own:]), int(line), source))


def _mine(line: object) -> str:
    """A line in words if it is the learner's. No other helps, and none is meant to be looked at."""
    told = str(line or "")
    return told if told.startswith("my/") else ""


def _hint_at_await(problem: str) -> str:
    if "coroutine" not in problem:
        return problem
    return f"an `await` is missing: a call without it gives a coroutine, not the result\n{problem}"


# --- histories ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Start:
    """How a run began, as its history tells it.

    Attributes:
        queue: The task queue it was started in.
        arguments: What it was given, decoded.
        by: Who started it: process id and machine, unless the client has another identity.
    """

    queue: str
    arguments: tuple[Any, ...]
    by: str


async def start_of(handle: WorkflowHandle[Any, Any]) -> Start:
    """How a run began."""
    events = handle.fetch_history_events(page_size=1)
    started = (await anext(aiter(events))).workflow_execution_started_event_attributes
    return Start(
        started.task_queue.name, tuple(_decoded(one) for one in started.input.payloads), started.identity
    )


@dataclass(frozen=True)
class ActivityRun:
    """One activity of a run, as its history tells it.

    Attributes:
        name: Its type.
        asked_by: The workflow task that scheduled it. Two with the same were asked for at the same time.
        input: Its arguments, decoded.
        attempts: How many there were; the last may still be under way.
        ended: How it ended; empty while it has not.
        output: What it returned, decoded.
        cause: The message at the root of its failure, or of its latest attempt's.
        kind: That failure's type, such as ``ValueError``.
        line: The learner's own line in it, as ``my/folder/file.py, line 3: ...``; empty if there is none.
        given_up: Whether the error itself forbade another attempt, rather than the number of attempts.
        start_to_close: Seconds that one attempt may take; 0 without a limit.
        schedule_to_close: Seconds that all attempts together may take; 0 without a limit.
        heartbeat: Seconds within which it must show that it lives; 0 if it need not.
        maximum_attempts: How many attempts its retry policy allows; 0 without a limit.
        not_retried: The types of errors after which that policy allows no other attempt.
    """

    name: str
    asked_by: int
    input: tuple[Any, ...]
    attempts: int = 0
    ended: Ended = ""
    output: Any = None
    cause: str = ""
    kind: str = ""
    line: str = ""
    given_up: bool = False
    start_to_close: float = 0.0
    schedule_to_close: float = 0.0
    heartbeat: float = 0.0
    maximum_attempts: int = 0
    not_retried: tuple[str, ...] = ()

    @property
    def problem(self) -> str:
        """The failure in words, with its type before the message."""
        return self.cause if not self.kind or self.kind in self.cause else f"{self.kind}: {self.cause}"


async def activity_runs(handle: WorkflowHandle[Any, Any]) -> list[ActivityRun]:
    """The activities that a run has asked for so far, in order."""
    from workshop.runs.events import seconds_of

    found: dict[int, ActivityRun] = {}
    ids: dict[str, int] = {}
    async for event in handle.fetch_history_events():
        if event.HasField("activity_task_scheduled_event_attributes"):
            scheduled = event.activity_task_scheduled_event_attributes
            found[event.event_id] = ActivityRun(
                scheduled.activity_type.name,
                scheduled.workflow_task_completed_event_id,
                tuple(_decoded(one) for one in scheduled.input.payloads),
                start_to_close=seconds_of(scheduled.start_to_close_timeout),
                schedule_to_close=seconds_of(scheduled.schedule_to_close_timeout),
                heartbeat=seconds_of(scheduled.heartbeat_timeout),
                maximum_attempts=scheduled.retry_policy.maximum_attempts,
                not_retried=tuple(scheduled.retry_policy.non_retryable_error_types),
            )
            ids[scheduled.activity_id] = event.event_id
        elif event.HasField("activity_task_started_event_attributes"):
            begun = event.activity_task_started_event_attributes
            found[begun.scheduled_event_id] = replace(found[begun.scheduled_event_id], attempts=begun.attempt)
        else:
            _note_end(found, event)
    description = await handle.describe()
    # Between two attempts there is no event yet; the server tells how many there were, and what went wrong.
    for pending in description.raw_description.pending_activities:
        if number := ids.get(pending.activity_id):
            problem = _problem(pending.last_failure) if pending.HasField("last_failure") else {}
            found[number] = replace(found[number], attempts=pending.attempt, **problem)
    return list(found.values())


async def scheduled_activities(handle: WorkflowHandle[Any, Any]) -> list[str]:
    """The names of the activities that a run has asked for, in order."""
    return [one.name for one in await activity_runs(handle)]


async def attempts_of(handle: WorkflowHandle[Any, Any], activity: str) -> int:
    """How many attempts the last activity of that name took so far; 0 if there is none."""
    return ([0] + [one.attempts for one in await activity_runs(handle) if one.name == activity])[-1]


def _note_end(found: dict[int, ActivityRun], event: HistoryEvent) -> None:
    from temporalio.api.enums.v1 import RetryState

    if event.HasField("activity_task_completed_event_attributes"):
        completed = event.activity_task_completed_event_attributes
        values = [_decoded(one) for one in completed.result.payloads]
        number = completed.scheduled_event_id
        found[number] = replace(found[number], ended="completed", output=values[0] if values else None)
    elif event.HasField("activity_task_failed_event_attributes"):
        failed = event.activity_task_failed_event_attributes
        found[failed.scheduled_event_id] = replace(
            found[failed.scheduled_event_id],
            ended="failed",
            **_problem(failed.failure),
            given_up=failed.retry_state == RetryState.RETRY_STATE_NON_RETRYABLE_FAILURE,
        )
    elif event.HasField("activity_task_timed_out_event_attributes"):
        late = event.activity_task_timed_out_event_attributes
        found[late.scheduled_event_id] = replace(
            found[late.scheduled_event_id], ended="timed out", **_problem(late.failure)
        )
    elif event.HasField("activity_task_canceled_event_attributes"):
        number = event.activity_task_canceled_event_attributes.scheduled_event_id
        found[number] = replace(found[number], ended="cancelled")


def _problem(failure: Failure) -> dict[str, Any]:
    from workshop.runs.events import cause_of, own_line, type_of

    return {
        "cause": cause_of(failure),
        "kind": type_of(failure),
        "line": str(own_line(failure) or ""),
    }


def _decoded(payload: Payload) -> Any:
    """A payload's value as JSON has it; None where it is not JSON."""
    try:
        return json.loads(payload.data) if payload.data else None
    except ValueError:
        return None
