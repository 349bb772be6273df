"""The second look: activities that are tried again and again, and why."""

from __future__ import annotations

from types import ModuleType
from typing import TYPE_CHECKING

from workshop.checks.bench import Bench, NotYet
from workshop.checks.registry import exercise
from workshop.checks.workflows import running_worker
from workshop.exercises.documentation import TEMPORAL
from workshop.exercises.fleet.project import findings_of, judge_findings, own_server, project, until

if TYPE_CHECKING:
    from temporalio.client import Client

_QUEUE = "tried"
_LOOK = "the body of `retrying`"
_RUNS: dict[str, tuple[list[str], int]] = {
    # The activities of a run, side by side; the attempt to wait for. One alone stands at its fifth.
    "breaks": (["breaks"], 6),
    "too-slow": (["dawdles"], 6),
    "unknown": (["nowhere"], 6),
    "one-of-two": (["fourth", "breaks"], 6),
    "fifth": (["fifth"], 5),
    "second": (["second"], 2),
    "fourth": (["fourth"], 4),
    # As many as a look takes for too many attempts at one.
    "works": (["works"] * 5, 1),
}
_BROKEN = {
    "breaks": "whose activity fails at each attempt",
    "too-slow": "whose activity was too slow at its last attempt",
    "unknown": "whose activity no worker has",
    "one-of-two": "of whose two activities the second fails at each attempt",
    "fifth": "whose activity waits for its fifth attempt",
}
_HEALTHY = {
    "works": "whose five activities are at work, each at its first attempt",
    "second": "whose activity waits for its second attempt",
    "fourth": "whose activity waits for its fourth attempt",
    "person": "that waits for a person",
    "recovered": "whose activity was tried seven times, and has succeeded",
}
_ROOTS = {"breaks": ("breaks", "the line is cut"), "unknown": ("nowhere", "not registered")}


@exercise(
    proves="Five runs with an activity that does not get on were found, and why; five others were left alone.",
    hints=(
        "What does the server know of an activity that has not ended? Its number of attempts stands nowhere else.",
        "`described.pending_activities`, each with `.activity_type.name`, `.attempt`, `.last_failure`: "
        f"{TEMPORAL}/failure-detection",
        "async for run, described in running(client):\n    for one in described.pending_activities:\n"
        "        if one.attempt >= attempts:\n"
        '            found.append(Finding(run, f"... {root_of(one.last_failure)}", ...))',
    ),
    timeout=60,
    note="on a server of its own",
    not_replayed="its runs are broken on purpose, and none is the learner's",
)
async def retrying(bench: Bench) -> str:
    """Ten runs on a server of their own; five have an activity at its fifth attempt or later."""
    with project(bench), own_server(bench) as address:
        return str(await bench.run(_probe_retrying, address))


async def _probe_retrying(module: ModuleType, address: str) -> str:
    from temporalio.client import Client

    from workshop.exercises.fleet.stricken import ACTIVITIES, WORKFLOWS

    client = await Client.connect(address)
    async with running_worker(client=client, queue=_QUEUE, workflows=WORKFLOWS, activities=ACTIVITIES):
        await client.start_workflow("AsksAPerson", id="person", task_queue=_QUEUE)
        await client.execute_workflow("Does", args=[["recovers"], None], id="recovered", task_queue=_QUEUE)
        for run, (names, _) in _RUNS.items():
            await client.start_workflow("Does", args=[names, None], id=run, task_queue=_QUEUE)
        for run, (_, attempt) in _RUNS.items():
            await _until_attempt(client, run, attempt)
        found = await findings_of(module, "retrying", client)
        sooner = await findings_of(module, "retrying", client, 3)
    judge_findings(found, _BROKEN, _HEALTHY, _LOOK)
    for run, parts in _ROOTS.items():
        for part in parts:
            if part not in found[run]:
                raise NotYet(
                    f"the problem to name the activity and what is at the bottom of its last failure: {part!r}",
                    found[run],
                    "`Finding(...)`: `one.activity_type.name`, `root_of(one.last_failure)`",
                )
    if "fourth" in found["one-of-two"]:
        raise NotYet(
            "a finding for each activity that has come to its fifth attempt, and none for another of that run",
            f"the one at its fourth attempt, `fourth`, is reported: {found['one-of-two']}",
            _LOOK,
        )
    # Another number of attempts is another question.
    broken = _BROKEN | {"fourth": _HEALTHY["fourth"]}
    healthy = {run: what for run, what in _HEALTHY.items() if run not in broken}
    judge_findings(sooner, broken, healthy, "the parameter `attempts`", "retrying(client, 3)")
    return f"For one of them it says: {found['breaks']}"


async def _until_attempt(client: Client, run: str, attempt: int) -> None:
    handle = client.get_workflow_handle(run)

    async def reached() -> bool:
        pending = (await handle.describe()).raw_description.pending_activities
        return any(one.attempt >= attempt for one in pending)

    await until(reached)
