"""What checks need around workers and workflows: to run them, to start them, to hand out the learner's files.

The check functions run in the notebook's kernel and talk to the server with :func:`connect`, :func:`start_run` and
:func:`handle_of`; their probes run in the child process and put the learner's workflows and activities to work
with :func:`running_worker`. How a run ends is :mod:`workshop.checks.endings`, what its history tells
:mod:`workshop.checks.histories`.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Awaitable, Iterator, Mapping, Sequence
from types import ModuleType
from typing import TYPE_CHECKING, Any

from workshop import catalog

from .bench import Bench, NotYet, NotYetAttempted, need, need_function, place_of
from .endings import noting_failures
from .exercise import id_of

if TYPE_CHECKING:
    from temporalio.client import Client, WorkflowHandle

    from .replays import Known


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
    from .replays import BUILD_ID, workflow_threads

    given = {"build_id": BUILD_ID, "workflow_task_executor": workflow_threads(), **what}
    _note_workflows(client, **what)
    with noting_failures():
        worker = Worker(client, task_queue=queue or task_queue(), **given)
        await worker.__aenter__()
        # After an error it is left as it is, since the process ends with it: a worker waits for all that it runs,
        # and code that hangs would hold it up.
        yield client
        await worker.__aexit__(None, None, None)


async def misfit(handle: WorkflowHandle[Any, Any], workflow: type, *, values: bool = True) -> str:
    """In the child: why a run's history does not lead this workflow along the same path; empty if it does.

    A check need not ask for the runs on the lab's server: the engine replays them at its end. It must where the run
    is on a server for tests, or the code changes during the check.

    Args:
        handle: The run.
        workflow: Its class.
        values: Whether what the steps are given is compared, too; Temporal itself compares the steps alone.
    """
    from .replays import misfit_of

    agents = _with_agents(handle._client)
    why = await misfit_of(await handle.fetch_history(), workflow, agents=agents, values=values)
    return why.got if why else ""


async def answer_within(seconds: float, update: Awaitable[Any]) -> Any:
    """The answer to an update, without a look at how its run is doing.

    Args:
        seconds: How long to wait.
        update: The update, as it is sent.

    Raises:
        TimeoutError: there is none. The client itself raises an error of its own when its wait is cancelled.
    """
    from temporalio.client import WorkflowUpdateRPCTimeoutOrCancelledError

    try:
        return await asyncio.wait_for(update, seconds)
    except WorkflowUpdateRPCTimeoutOrCancelledError as error:
        raise TimeoutError(str(error)) from None


def _note_workflows(client: Client, *, workflows: Sequence[Any] = (), **what: Any) -> None:
    for one in workflows:
        definition = getattr(one, "__temporal_workflow_definition", None)
        if definition is not None and definition.name:
            _workflows[definition.name] = {
                "type": definition.name,
                "module": one.__module__,
                "name": one.__name__,
                "agents": _with_agents(client),
                "hurried": "workflow_runner" in what,
            }


def _with_agents(client: Client) -> bool:
    return any(type(one).__name__ == "OpenAIAgentsPlugin" for one in client.config()["plugins"])


def noted_workflows() -> list[Known]:
    """In the child: the workflows that its workers had, for the replay at the check's end."""
    return list(_workflows.values())


_workflows: dict[str, Known] = {}


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
        value = need(module, name, int, "a whole number", besides=names)
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
            more = "higher" if predicted[name] < right else "lower"
            raise NotYet(
                f"{name} as it really came out", f"{predicted[name]}; the real number is {more}", f"`{name}`"
            )
    return f"It came out as: {', '.join(f'{name} = {value}' for name, value in seen.items())}"


# --- in the check ------------------------------------------------------------------------------------


def need_done(bench: Bench, *files: str) -> None:
    """Make sure that files of other exercises hold an answer: the learner's, or the course's standing in.

    Raises:
        NotYetAttempted: it is missing or still open.
    """
    for file in files:
        if bench.openness(file) in ("missing", "as shipped"):
            raise NotYetAttempted(f"exercise {id_of(file)} comes first: {file} is not solved yet")


@contextlib.contextmanager
def course_files(bench: Bench, *files: str) -> Iterator[None]:
    """Let a check go on in a copy of the learner's ``my/`` where these files are the course's own.

    For what another exercise's file brings along, and has no need of its answer. A file of an earlier lesson may be
    among them.
    """
    given = {name: text for one in catalog.lessons() for name, text in one.files.items()}
    own = bench.directory
    # It stays until the check's end, where the runs are replayed with the files that they ran with.
    folder = bench.keep(tempfile.TemporaryDirectory(prefix="workshop-check-", ignore_cleanup_errors=True))
    shutil.copytree(own / "my", folder / "my", ignore=shutil.ignore_patterns("__pycache__"))
    for file in files:
        path = folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(given[file], encoding="utf-8")
    bench.directory = folder
    try:
        yield
    finally:
        bench.directory = own


async def connect(bench: Bench, plugins: Sequence[Any] = ()) -> Client:
    """A client of the server that the check uses.

    Args:
        bench: The check's.
        plugins: The client's. From lesson 4 on, the lessons' own client has ``agent_plugin.plugin()``, and so converts
            values in another way than one without.
    """
    from temporalio.client import Client

    return await Client.connect(bench.settings.temporal_address, plugins=plugins)


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
