"""Three numbers of a worker, read from what it exposes to Prometheus."""

from __future__ import annotations

import re
from types import ModuleType
from typing import TYPE_CHECKING

from workshop.checks.bench import Bench, NotYet, describe, need_function, place_of
from workshop.checks.registry import exercise
from workshop.checks.workflows import running_worker
from workshop.exercises.documentation import METRICS
from workshop.exercises.fleet.project import own_server, project, until

if TYPE_CHECKING:
    from temporalio.client import Client

_QUEUE = "measured"
_SLOTS, _BUSY = 7, 2
_METRICS = {
    "failed_tasks": (r"temporal_workflow_task_execution_failed\{", "workflow tasks that failed"),
    "failed_attempts": (r"temporal_activity_execution_failed\{", "attempts at activities that failed"),
    "free_slots": (
        r'temporal_worker_task_slots_available\{[^}]*worker_type="ActivityWorker"',
        "free slots for activities",
    ),
}


@exercise(
    proves="Of a real worker you read how often workflow code and activities have failed, and how much room it has.",
    hints=(
        "In the names above: what counts a failure, what a workflow's step, what an activity, and what is a slot?",
        f"The SDK's metrics, each with its labels: {METRICS}",
        'Vitals(\n    total(text, "temporal_..._failed"),\n    total(text, "temporal_..._failed"),\n'
        '    total(text, "temporal_worker_task_slots_...", worker_type="ActivityWorker"),\n)',
    ),
    timeout=60,
    note="measures a real worker",
    not_replayed="its runs are broken on purpose, and none is the learner's",
)
async def vitals(bench: Bench) -> str:
    """A worker with failing code, failing activities, and two that are at work; and one that has measured nothing."""
    with project(bench), own_server(bench) as address:
        await bench.run(_probe_vitals, address)
    return f"{_SLOTS - _BUSY} of its {_SLOTS} slots were free."


async def _probe_vitals(module: ModuleType, address: str) -> None:
    from temporalio.client import Client
    from temporalio.runtime import PrometheusConfig, Runtime, TelemetryConfig

    from workshop.exercises.fleet.stricken import ACTIVITIES, WORKFLOWS
    from workshop.lab.ports import free_port

    at = f"127.0.0.1:{free_port()}"
    telemetry = TelemetryConfig(metrics=PrometheusConfig(bind_address=at))
    client = await Client.connect(address, runtime=Runtime(telemetry=telemetry))
    text = ""

    async def has_failed() -> bool:
        nonlocal text
        text = _scraped(at)
        seen = {name: _truth(text, name) for name in _METRICS}
        return bool(
            seen["failed_tasks"] and seen["failed_attempts"] > 5 and seen["free_slots"] == _SLOTS - _BUSY
        )

    async with running_worker(
        client=client,
        queue=_QUEUE,
        workflows=WORKFLOWS,
        activities=ACTIVITIES,
        max_concurrent_activities=_SLOTS,
    ):
        await _begin(client)
        await until(has_failed)
    _judge(module, text, "of a worker whose code and activities fail")
    _judge(module, "", "of a worker that has measured nothing yet")


def _judge(module: ModuleType, text: str, what: str) -> None:
    """Raises NotYet where the learner reads another number than the check."""
    read = need_function(module, "vitals", is_async=False)
    told = read(text)
    if type(told).__name__ != "Vitals":
        raise NotYet("`Vitals` from `vitals`", describe(told), place_of(module, read))
    for name, (_, meaning) in _METRICS.items():
        wanted, got = _truth(text, name), getattr(told, name)
        if got != wanted:
            raise NotYet(f"{meaning}, {what}: {wanted}", f"{name} is {got!r}", f"`{name}`")


def _truth(text: str, name: str) -> int:
    samples = re.findall(rf"^{_METRICS[name][0]}.* (\S+)$", text, re.MULTILINE)
    return int(sum(map(float, samples)))


def _scraped(at: str) -> str:
    import httpx2

    return httpx2.get(f"http://{at}/metrics", timeout=5).text


async def _begin(client: Client) -> None:
    await client.start_workflow("Refuses", id="refuses", task_queue=_QUEUE)
    await client.start_workflow("Does", args=[["works", "works"], None], id="works", task_queue=_QUEUE)
    # One that is tried twenty times a second for as long as the check takes would leave no slot to count on.
    await client.start_workflow("Does", args=[["recovers"], None], id="recovers", task_queue=_QUEUE)
