"""A long run moves to another version where its history begins anew, and loses nothing that was asked of it."""

from __future__ import annotations

import asyncio
import contextlib
from types import ModuleType
from typing import TYPE_CHECKING, Any

from workshop.checks.bench import Bench, NotYet, need
from workshop.checks.registry import exercise
from workshop.checks.workflows import running_worker, task_queue
from workshop.exercises.change.deployments import make_current
from workshop.exercises.change.project import project
from workshop.exercises.documentation import TEMPORAL

if TYPE_CHECKING:
    from temporalio.client import Client, WorkflowHandle

_LOOK = "the `if` at the end of the loop"
_PATIENCE = 20.0
_REPORTS = 4


@exercise(
    proves="A long run reported with v1, moved to v2 when its history began anew, and lost no report.",
    hints=(
        "Where does a run begin anew, so that no old history has to fit the new code? And when is it worth it?",
        "`workflow.info().is_target_worker_deployment_version_changed()`, and `initial_versioning_behavior=` of "
        f"`workflow.continue_as_new`: {TEMPORAL}/workers/worker-versioning",
        "if self.wanted == 0 and workflow.info().is_target_...():\n    workflow.continue_as_new(\n"
        "        args=[log],\n        initial_versioning_behavior=workflow.ContinueAsNewVersioningBehavior....,\n    )",
    ),
    timeout=60,
)
async def long_post(bench: Bench) -> str:
    """A run begins with v1; v2 becomes current; then it is asked for two reports in one go, and for a last one."""
    with project(bench):
        return str(await bench.run(_probe_long_post))


async def _probe_long_post(module: ModuleType) -> str:
    from temporalio import activity
    from temporalio.common import WorkerDeploymentVersion
    from temporalio.worker import Worker, WorkerDeploymentConfig

    defined = need(module, "LongPost", type, "a class")
    # Its name is the deployment's, too, which has no dot.
    queue = task_queue().replace(".", "-")

    may_report = asyncio.Event()
    may_report.set()

    def worker(client: Client, build_id: str) -> Worker:
        @activity.defn
        async def who_works() -> str:
            await may_report.wait()
            return build_id

        version = WorkerDeploymentVersion(queue, build_id)
        config = WorkerDeploymentConfig(version=version, use_worker_versioning=True)
        return Worker(
            client, task_queue=queue, workflows=[defined], activities=[who_works], deployment_config=config
        )

    async with running_worker(queue=f"{queue}-none", workflows=[defined]) as client, worker(client, "v1"):
        await make_current(client, queue, "v1", _LOOK)
        handle = await client.start_workflow("LongPost", [], id=queue, task_queue=queue)
        await handle.signal("report")
        await _reported(handle)
        async with worker(client, "v2"):
            await make_current(client, queue, "v2", _LOOK)
            # The third report is asked for while the second is under way: a run that begins anew would forget it.
            may_report.clear()
            await handle.signal("report")
            await handle.signal("report")
            may_report.set()
            await _begun_anew(client, handle)
            await client.get_workflow_handle(queue).signal("report")
            log = await _result(client, queue)
    if log[:1] != ["v1"] or len(log) != _REPORTS:
        raise NotYet("the reports of both versions in the log, first those of v1", f"{log!r}", "`args=[log]`")
    if log[-1] != "v2":
        raise NotYet("the run to move to v2", f"its reports: {', '.join(log)}", _LOOK)
    return f"Its reports: {', '.join(log)}"


async def _reported(handle: WorkflowHandle[Any, Any]) -> None:
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(_PATIENCE):
            async for event in handle.fetch_history_events(wait_new_event=True):
                if event.HasField("activity_task_completed_event_attributes"):
                    return
    raise NotYet("the run to report", "it does not", "the body of the loop")


async def _begun_anew(client: Client, started: WorkflowHandle[Any, Any]) -> None:
    """Wait until the first run has ended, in whatever way."""
    from temporalio.client import WorkflowContinuedAsNewError

    first = client.get_workflow_handle(started.id, run_id=started.first_execution_run_id)
    try:
        await asyncio.wait_for(first.result(follow_runs=False), _PATIENCE)
    except WorkflowContinuedAsNewError:
        return
    except TimeoutError:
        raise NotYet("the run to begin anew once v2 is current", "it goes on as it was", _LOOK) from None
    raise NotYet("the run to begin anew once v2 is current", "it has ended", _LOOK)


async def _result(client: Client, workflow_id: str) -> list[str]:
    try:
        result = await asyncio.wait_for(client.get_workflow_handle(workflow_id).result(), _PATIENCE)
    except TimeoutError:
        raise NotYet(
            f"a run that ends after {_REPORTS} reports were asked for",
            "it waits: a report that was asked for while another was under way is lost",
            "`self.wanted`",
        ) from None
    return list(result)
