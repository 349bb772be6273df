"""The third look: runs whose next step no worker takes."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from types import ModuleType
from typing import TYPE_CHECKING

from workshop.checks.bench import Bench, NotYet
from workshop.checks.registry import exercise
from workshop.checks.workflows import running_worker
from workshop.exercises.documentation import TEMPORAL
from workshop.exercises.fleet.project import findings_of, judge_findings, own_server, project, until

if TYPE_CHECKING:
    from temporalio.client import Client

_QUEUE, _NOBODY, _LEFT = "tried", "nobody", "left"
_LOOK = "the body of `unserved`"
_SECONDS = 3.0
_LONG = 600
_BROKEN = {
    "no-worker": "on a queue without a worker",
    "step-elsewhere": "with an activity on a queue without a worker",
    "second-step": "of whose two activities the second is on a queue without a worker",
    "worker-gone": "that was signalled after its last worker had gone",
}
_HEALTHY = {
    "person": "that waits for a person",
    "timer": "that waits for a timer",
    "young": "that has been waiting for a moment only",
    "later": "that is to begin in an hour",
    "works": "whose activity is at work",
    "second": "whose activity is tried again in an hour",
}


@exercise(
    proves="Four runs were found that no worker takes up, in a step or as a whole; six others were left alone.",
    hints=(
        "A step that nobody has taken is *scheduled*. One that will only come, too. What tells them apart?",
        "`described.pending_workflow_task` and `.pending_activities`, with `.state` and `.scheduled_time`: "
        f"{TEMPORAL}/run-worker-process",
        "async for run, described in running(client):\n    task = described.pending_workflow_task\n"
        "    waits = [one.scheduled_time for one in described.pending_activities "
        "if one.state == ACTIVITY_SCHEDULED]\n"
        "    if task.state == TASK_SCHEDULED:\n        waits.append(task.original_scheduled_time)\n"
        "    if any(age_of(moment) > seconds for moment in waits): ...",
    ),
    timeout=60,
    note="on a server of its own, with some seconds of patience",
    not_replayed="its runs wait on purpose, and none is the learner's",
)
async def unserved(bench: Bench) -> str:
    """Ten runs on a server of their own; four wait for a worker."""
    with project(bench), own_server(bench) as address:
        return str(await bench.run(_probe_unserved, address))


async def _probe_unserved(module: ModuleType, address: str) -> str:
    from temporalio.client import Client

    from workshop.exercises.fleet.stricken import ACTIVITIES, WORKFLOWS, Mended

    client = await Client.connect(address)
    async with running_worker(client=client, queue=_LEFT, workflows=[Mended]):
        gone = await client.start_workflow("Mended", id="worker-gone", task_queue=_LEFT)
        await _until_idle(client, "worker-gone")
    await gone.signal("anything")
    async with running_worker(client=client, queue=_QUEUE, workflows=WORKFLOWS, activities=ACTIVITIES):
        await _begin(client)
        await asyncio.sleep(_SECONDS + 1)
        await client.start_workflow("Sleeps", id="young", task_queue=_NOBODY)
        found = await findings_of(module, "unserved", client, _SECONDS)
        late = await findings_of(module, "unserved", client, _LONG)
    judge_findings(found, _BROKEN, _HEALTHY, _LOOK)
    for run, queue in (("no-worker", _NOBODY), ("step-elsewhere", _NOBODY), ("worker-gone", _LEFT)):
        if queue not in found[run]:
            raise NotYet(
                f"the problem to name the queue that nobody serves: {queue!r}",
                found[run],
                "`Finding(...)`: the queue of the step, or of the run",
            )
    if late:
        raise NotYet(
            f"nothing to be found by `unserved(client, {_LONG})`: no step has waited for so long",
            f"it finds, among others: {next(iter(late.values()))}",
            "the parameter `seconds`",
        )
    return f"For one of them it says: {found['step-elsewhere']}"


async def _begin(client: Client) -> None:
    await client.start_workflow("Sleeps", id="no-worker", task_queue=_NOBODY)
    await client.start_workflow("Does", args=[["works"], _NOBODY], id="step-elsewhere", task_queue=_QUEUE)
    await client.start_workflow("Does", args=[["works"], None], id="works", task_queue=_QUEUE)
    await client.start_workflow("Does", args=[["second"], None], id="second", task_queue=_QUEUE)
    await client.start_workflow("AsksAPerson", id="person", task_queue=_QUEUE)
    await client.start_workflow("Sleeps", id="timer", task_queue=_QUEUE)
    hour = timedelta(hours=1)
    await client.start_workflow("Sleeps", id="later", task_queue=_QUEUE, start_delay=hour)
    await client.start_workflow("DoesOneHere", args=["works", _NOBODY], id="second-step", task_queue=_QUEUE)
    for run in ("step-elsewhere", "works", "second", "person", "timer", "second-step"):
        await _until_idle(client, run)


async def _until_idle(client: Client, run: str) -> None:
    """Wait until a worker has taken up a run, and what is left waits for something else."""
    handle = client.get_workflow_handle(run)

    async def idle() -> bool:
        described = (await handle.describe()).raw_description
        begun = described.workflow_execution_info.history_length > 3
        return begun and not described.HasField("pending_workflow_task")

    await until(idle)
