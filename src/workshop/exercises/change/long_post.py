"""A long run moves to another version where its history begins anew, and loses nothing that was asked of it."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator
from types import ModuleType
from typing import TYPE_CHECKING, Any

from workshop.checks.bench import Bench, CourseProblem, NotYet, need
from workshop.checks.endings import result_of
from workshop.checks.fault import BUSY
from workshop.checks.registry import exercise
from workshop.checks.workflows import running_worker, task_queue
from workshop.exercises.change.deployments import make_current
from workshop.exercises.change.project import project
from workshop.exercises.documentation import TEMPORAL

if TYPE_CHECKING:
    from temporalio.client import Client, WorkflowHandle

_LOOK = "the `if` at the end of the loop"
_PATIENCE = 20.0
_LONGEST = 60.0
"""Seconds until the server must have told a run of another version; on a quiet machine it takes less than one."""
_AT_ONCE = 4
_MOVES = 3


@exercise(
    proves="A long run reported with v1, moved when another version was current, and lost no report.",
    hints=(
        "Where does a run begin anew, so that no old history has to fit the new code? And when is it worth it?",
        "`workflow.info().is_target_worker_deployment_version_changed()`, and `initial_versioning_behavior=` of "
        f"`workflow.continue_as_new`: {TEMPORAL}/workers/worker-versioning",
        "if self.idle() and workflow.info().is_target_...():\n    workflow.continue_as_new(\n"
        "        args=[log],\n        initial_versioning_behavior=workflow.ContinueAsNewVersioningBehavior....,\n    )",
    ),
    timeout=120,
)
async def long_post(bench: Bench) -> str:
    """A run begins with v1; v2 becomes current; then it is asked for reports, several in one go."""
    with project(bench):
        return str(await bench.run(_probe_long_post))


async def _probe_long_post(module: ModuleType) -> str:
    defined = need(module, "LongPost", type, "a class")
    # Its name is the deployment's, too, which has no dot.
    queue = task_queue().replace(".", "-")
    reports = _Reports()
    async with running_worker(queue=f"{queue}-none", workflows=[defined]) as client:
        run = client.get_workflow_handle(queue)
        async with contextlib.AsyncExitStack() as workers:
            await workers.enter_async_context(_worker(client, queue, "v1", defined, reports))
            await make_current(client, queue, "v1", _LOOK)
            started = await client.start_workflow("LongPost", [], id=queue, task_queue=queue)
            await reports.ask(run, 1)
            await _stays(client.get_workflow_handle(queue, run_id=started.first_execution_run_id))
            for n in range(2, 2 + _MOVES):
                build_id = f"v{n}"
                await workers.enter_async_context(_worker(client, queue, build_id, defined, reports))
                await make_current(client, queue, build_id, _LOOK)
                if await _move(client, run, reports):
                    break
            await reports.ask(run, 1)
            await run.signal("end")
            log = await _log(run, reports)
    if log[:1] != ["v1"]:
        raise NotYet("the reports of both versions in the log, first those of v1", f"{log!r}", "`args=[log]`")
    if log[-1] != build_id:
        raise NotYet(f"the run to move to {build_id}", f"its last report is by {log[-1]}", _LOOK)
    return "Its first report was by v1, its last by the new version, and none was lost."


class _Reports:
    """How many reports were asked for, and a gate that holds those under way."""

    def __init__(self) -> None:
        self.asked = 0
        self.gate = asyncio.Event()
        self.gate.set()

    async def ask(self, run: WorkflowHandle[Any, Any], number: int) -> None:
        """Ask for several in one go: all are asked for before the first is made."""
        self.gate.clear()
        for _ in range(number):
            await run.signal("report")
            self.asked += 1
        self.gate.set()


@contextlib.asynccontextmanager
async def _worker(
    client: Client, queue: str, build_id: str, defined: type, reports: _Reports
) -> AsyncIterator[None]:
    from temporalio import activity
    from temporalio.common import WorkerDeploymentVersion
    from temporalio.worker import Worker, WorkerDeploymentConfig

    @activity.defn
    async def who_works() -> str:
        await reports.gate.wait()
        return build_id

    config = WorkerDeploymentConfig(
        version=WorkerDeploymentVersion(queue, build_id), use_worker_versioning=True
    )
    worker = Worker(
        client, task_queue=queue, workflows=[defined], activities=[who_works], deployment_config=config
    )
    await worker.__aenter__()
    # As in `running_worker`: after an error it is left as it is, since the process ends with it.
    yield
    await worker.__aexit__(None, None, None)


async def _stays(run: WorkflowHandle[Any, Any]) -> None:
    """Wait for the first report, and make sure that the run goes on: its version is the current one.

    Raises:
        NotYet: it does not report, or has begun anew.
    """
    from temporalio.client import WorkflowExecutionStatus

    reported = False
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(_PATIENCE):
            async for event in run.fetch_history_events(wait_new_event=True):
                if reported and event.HasField("workflow_task_completed_event_attributes"):
                    break
                reported |= event.HasField("activity_task_completed_event_attributes")
    if not reported:
        raise NotYet("the run to report", "it does not", "the body of the loop")
    # What a step decides is recorded together with the step's end.
    if (await run.describe()).status is not WorkflowExecutionStatus.RUNNING:
        raise NotYet("the run to go on while v1 is current", "it has begun anew, or ended", _LOOK)


async def _move(client: Client, run: WorkflowHandle[Any, Any], reports: _Reports) -> bool:
    """Ask for reports until the run has begun anew; whether it was tempted to do so at a wrong moment.

    The server tells a run of another version with one of its steps, and some time after the version is current.

    Raises:
        NotYet: it does not begin anew, it ends, or it loses a report.
    """
    from temporalio.client import WorkflowContinuedAsNewError

    expected = "the run to begin anew once another version is current"
    before = client.get_workflow_handle(run.id, run_id=(await run.describe()).run_id)
    anew = asyncio.ensure_future(before.result(follow_runs=False))
    began = time.monotonic()
    try:
        async with asyncio.timeout(_LONGEST):
            while not anew.done():
                await reports.ask(run, _AT_ONCE)
                await asyncio.wait([anew], timeout=0.5)
                if time.monotonic() - began > _PATIENCE and await _was_told(before) and not anew.done():
                    raise NotYet(expected, "it goes on as it was", _LOOK)
        await anew
    except WorkflowContinuedAsNewError:
        return await _tempted(before)
    except TimeoutError:
        raise CourseProblem("The server did not tell the run of the other version.", BUSY) from None
    raise NotYet(expected, "it has ended", _LOOK)


async def _was_told(run: WorkflowHandle[Any, Any]) -> bool:
    """Whether the server has told a run that another version is current."""
    events = [event async for event in run.fetch_history_events()]
    told = (event.workflow_task_started_event_attributes for event in events)
    return any(one.target_worker_deployment_version_changed for one in told)


async def _tempted(run: WorkflowHandle[Any, Any]) -> bool:
    """Whether a run knew of another version while a report was still wanted.

    Raises:
        NotYet: it began anew then.
    """
    wanted = 0
    tempted = False
    async for event in run.fetch_history_events():
        wanted += event.HasField("workflow_execution_signaled_event_attributes")
        wanted -= event.HasField("activity_task_completed_event_attributes")
        started = event.workflow_task_started_event_attributes
        tempted |= started.target_worker_deployment_version_changed and wanted > 0
    if wanted:
        raise NotYet(
            "the run to begin anew when it is idle",
            f"{wanted} of the reports that it was asked for are lost",
            "`self.idle()`",
        )
    return tempted


async def _log(run: WorkflowHandle[Any, Any], reports: _Reports) -> list[str]:
    log = await result_of(run, _LOOK, what="the run, once it is told to end,")
    if not isinstance(log, list) or len(log) != reports.asked:
        raise NotYet(f"a log of all {reports.asked} reports", f"{log!r}", "`args=[log]`")
    return [str(one) for one in log]
