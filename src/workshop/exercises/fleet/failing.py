"""The first look: runs whose code fails at each attempt, and none that waits or has ended."""

from __future__ import annotations

from datetime import timedelta
from types import ModuleType
from typing import TYPE_CHECKING

from workshop.checks.bench import Bench
from workshop.checks.registry import exercise
from workshop.checks.workflows import running_worker
from workshop.exercises.documentation import TEMPORAL
from workshop.exercises.fleet.project import findings_of, judge_findings, own_server, project, until

if TYPE_CHECKING:
    from temporalio.client import Client

_QUEUE = "tried"
_LOOK = "the query in `failing`, and what is returned"
_BROKEN = {
    "misspelt": "whose code names something that there is not",
    "refuses": "whose code raises a ValueError",
    "renamed": "whose workflow its worker does not have",
}
_HEALTHY = {
    "person": "that waits for a person",
    "timer": "that waits for a timer",
    "failed": "that has failed, and so has ended",
    "ended": "whose code failed, and that was terminated",
    "mended": "whose code failed, was mended, and goes on",
}


@exercise(
    proves="Three runs whose code fails were found, in three ways of failing; nobody was woken up for five others.",
    hints=(
        "Two things make a run one of these. Which of them does a run lose when it is terminated?",
        f"`client.list_workflows(query)`, and the search attributes: {TEMPORAL}/observability#visibility",
        "async for run in client.list_workflows('ExecutionStatus = \"Running\" AND ... IS NOT NULL'):\n"
        "    found.append(Finding(run.id, ..., ...))",
    ),
    timeout=60,
    note="on a server of its own",
    not_replayed="its runs are broken on purpose, and none is the learner's",
)
async def failing(bench: Bench) -> str:
    """Eight runs on a server of their own; three of them fail."""
    with project(bench), own_server(bench) as address:
        return str(await bench.run(_probe_failing, address))


async def _probe_failing(module: ModuleType, address: str) -> str:
    from temporalio.client import Client

    client = await Client.connect(address)
    await _begin(client)
    judge_findings(await findings_of(module, "failing", client), _BROKEN, _HEALTHY, _LOOK)
    return f"{len(_BROKEN)} of {len(_BROKEN) + len(_HEALTHY)} runs were found."


async def _begin(client: Client) -> None:
    from workshop.exercises.fleet.stricken import WORKFLOWS, Broken, Mended

    names = {"misspelt": "Misspelt", "refuses": "Refuses", "renamed": "Renamed", "ended": "Misspelt"}
    names |= {"person": "AsksAPerson", "timer": "Sleeps", "failed": "Fails"}
    async with running_worker(client=client, queue=_QUEUE, workflows=[*WORKFLOWS, Broken]):
        for run, name in {**names, "mended": "Mended"}.items():
            # A task that fails again is not reported until its time is up.
            await client.start_workflow(name, id=run, task_queue=_QUEUE, task_timeout=timedelta(seconds=1))
        await _until_reported(client, {*_BROKEN, "ended", "mended"})
        await client.get_workflow_handle("ended").terminate("no longer needed")
    async with running_worker(client=client, queue=_QUEUE, workflows=[*WORKFLOWS, Mended]):
        await _until_reported(client, {*_BROKEN, "ended"})


async def _until_reported(client: Client, wanted: set[str]) -> None:
    """Wait until just these runs have been reported by the server."""

    async def reported() -> bool:
        query = "TemporalReportedProblems IS NOT NULL"
        return wanted == {run.id async for run in client.list_workflows(query)}

    await until(reported)
