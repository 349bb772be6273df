"""Two workers of two versions: each run stays with the one that it began with."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING, Any

from workshop.checks.bench import Bench, NotYet
from workshop.checks.endings import result_of
from workshop.checks.registry import exercise
from workshop.checks.workflows import connect
from workshop.exercises.change.deployments import make_current
from workshop.exercises.change.project import project
from workshop.exercises.documentation import TEMPORAL

if TYPE_CHECKING:
    from temporalio.client import Client, WorkflowHandle

    from workshop.lab.processes import Process

_LOOK = "`deployment_config=`"
_REPORTS = 4
_PATIENCE = 20.0
_STARTS = 30.0


@exercise(
    proves="A run that began with v1 stayed with it when v2 became current; a new run went to v2.",
    hints=(
        "How is the server to know to which version a worker belongs? And who decides which version is current?",
        f"`WorkerDeploymentConfig` and `WorkerDeploymentVersion`: {TEMPORAL}/workers/worker-versioning",
        "deployment_config=WorkerDeploymentConfig(\n    version=WorkerDeploymentVersion(queue(module), ...),\n"
        "    use_worker_versioning=True,\n),",
    ),
    timeout=120,
)
async def versioned_worker(bench: Bench) -> str:
    """Start v1 and a run, then v2 and another run, and let both report."""
    with project(bench):
        client = await connect(bench)
        queue = f"change-post-{bench.scope}".replace(".", "-")
        first = await _worker(bench, "v1")
        await make_current(client, queue, "v1", _LOOK, first.pid)
        old = await client.start_workflow("Post", _REPORTS, id=f"{bench.scope}-old", task_queue=queue)
        await old.signal("report")
        await _reported(old)
        second = await _worker(bench, "v2")
        await make_current(client, queue, "v2", _LOOK, second.pid)
        news = await _new_runs(client, queue, f"{bench.scope}-new")
        for _ in range(_REPORTS - 1):
            await old.signal("report")
        log = await result_of(old, _LOOK)
        for process in (first, second):
            process.kill()
    if log != ["v1"] * _REPORTS:
        raise NotYet(
            "a run that began before v2 was current to be done by v1 alone",
            f"it was done by {', '.join(map(str, log))}",
            _LOOK,
        )
    if news[-1:] != [["v2"] * _REPORTS]:
        raise NotYet("new runs to be done by v2 once it is current", f"{len(news)} were done by v1", _LOOK)
    return f"The old run: {', '.join(log)}. The new one: {', '.join(news[-1])}."


async def _new_runs(client: Client, queue: str, name: str) -> list[list[str]]:
    """Start one run after the other until one is done by v2: the server's queues hear of it a moment later."""
    logs: list[list[str]] = []
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(_PATIENCE):
            while not logs or "v2" not in logs[-1]:
                workflow_id = f"{name}-{len(logs)}"
                new = await client.start_workflow("Post", _REPORTS, id=workflow_id, task_queue=queue)
                for _ in range(_REPORTS):
                    await new.signal("report")
                logs.append(list(await result_of(new, _LOOK)))
    return logs


async def _worker(bench: Bench, version: str) -> Process:
    process = await bench.process(None, "post", "Post", env={"BUILD_ID": version})
    await process.wait_for("ready", _STARTS)
    return process


async def _reported(handle: WorkflowHandle[Any, Any]) -> None:
    """Wait until a run has reported once, and so belongs to a version."""
    try:
        async with asyncio.timeout(_PATIENCE):
            async for event in handle.fetch_history_events(wait_new_event=True):
                if event.HasField("activity_task_completed_event_attributes"):
                    return
    except TimeoutError:
        pass
    raise NotYet("the worker of the current version to take the run", "nobody reports", _LOOK)
