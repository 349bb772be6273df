"""What a long run costs: the watch of lesson 7 over 1,352 turns, its four ways side by side, and a large document.

``python -m benchmarks.long_runs`` starts services of its own, prints tables, asserts no times. The watch's files are
those that lesson 7's solutions write.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import time
import uuid
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from temporalio.client import Client, WorkflowHandle

from benchmarks.durability import private_lab
from workshop import catalog, lab, show
from workshop.runs.budget import Budget
from workshop.view.wording import size

EARLY, LATE, TURNS = (100, 200), (1_200, 1_300), 1_352
MOST = 1.2
"""What a late turn may cost, as a multiple of an early one."""

_PATIENCE = 1_800.0
_WAYS: Mapping[str, tuple[str, str, str, Any]] = {
    "keep everything": ("worker_for", "watch", "Watch", None),
    "cut": ("worker_for", "trimmed", "TrimmedWatch", None),
    "cut, continue as new": ("worker_for", "endless", "EndlessWatch", {"every": 10}),
    "the provider keeps it": ("worker_for", "remembered", "RememberedWatch", None),
    "a store": ("stored_worker", "watch", "Watch", None),
}


def write_files(lesson: str) -> None:
    """Write a lesson's files into ``my``; the lesson is named by its folder."""
    for name, text in catalog.lesson_of(lesson).files.items():
        path = Path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        (path.parent / "__init__.py").touch()
        path.write_text(text, encoding="utf-8")
    Path("my/__init__.py").touch()


async def long_run() -> None:
    """The whole way, with the cost of a turn early and late."""
    client = await Client.connect(os.environ["TEMPORAL_ADDRESS"])
    worker = _worker("worker_for", "endless", "EndlessWatch")
    began = time.perf_counter()
    handle = await _begin(client, "endless", "EndlessWatch", {"goal": TURNS // 2})
    await lab.result(handle, timeout=_PATIENCE)
    seconds = time.perf_counter() - began
    worker.kill()
    runs = (await show.ways({"watch": (handle, "")})).budgets["watch"]
    ended = await _ends_of_turns(client, handle)
    print(
        f"{TURNS} turns in {seconds:.0f} s, {len(runs)} runs, the longest with {size(max(r.bytes for r in runs))}."
    )
    model = lab.meter().model
    print(f"The meter: {model.completed} paid, {model.repeats} repeats.\n")
    print(f"{'turns':>14}{'seconds':>9}{'KB':>8}{'tokens in':>11}")
    early, late = (_part(ended, runs, *part) for part in (EARLY, LATE))
    for name, part in (("100 to 200", early), ("1,200 to 1,300", late)):
        print(f"{name:>14}{part[0]:>9.1f}{part[1] / 1024:>8.0f}{part[2]:>11,}")
    ratios = [after / before for before, after in zip(early, late, strict=True)]
    print(f"{'late : early':>14}{ratios[0]:>9.2f}{ratios[1]:>8.2f}{ratios[2]:>11.2f}   (at most {MOST})\n")


async def four_ways(checks: int) -> None:
    """The same checks in each way."""
    found: dict[str, tuple[WorkflowHandle[Any, Any], str]] = {}
    client = await Client.connect(os.environ["TEMPORAL_ADDRESS"])
    for name, (script, module, workflow, shift) in _WAYS.items():
        worker = _worker(script, module, workflow)
        argument = {"goal": checks, **shift} if shift else checks
        began = time.perf_counter()
        handle = await _begin(client, module, workflow, argument)
        await lab.result(handle, timeout=_PATIENCE)
        found[name] = (handle, f"{time.perf_counter() - began:.1f} s")
        worker.kill()
    print(f"{checks} checks; the last column: how long they took.\n\n{await show.ways(found)}\n")


async def documents() -> None:
    """A document inline, and by reference."""
    client = await Client.connect(os.environ["TEMPORAL_ADDRESS"])
    found: dict[str, tuple[WorkflowHandle[Any, Any], str]] = {}
    for name, module, workflow, question in (
        ("inline", "whole_reader", "WholeReader", "Read handbook.pdf."),
        ("by reference", "reader", "Reader", "Open handbook.pdf and read the part about avalanches."),
    ):
        worker = _worker("worker_for", module, workflow)
        began = time.perf_counter()
        handle = await _begin(client, module, workflow, question)
        await lab.result(handle, timeout=120)
        found[name] = (handle, f"{time.perf_counter() - began:.1f} s")
        worker.kill()
    print(f"A handbook of 320 pages.\n\n{await show.ways(found)}")


def _worker(script: str, module: str, workflow: str) -> lab.Process:
    return lab.process(f"my/watch/{script}.py", module, workflow, name=module, ready="ready", timeout=60)


async def _begin(client: Client, module: str, workflow: str, argument: Any) -> WorkflowHandle[Any, Any]:
    queue = f"watch-{os.environ['WORKSHOP_SCOPE']}-{module}"
    return await client.start_workflow(workflow, argument, id=f"{module}-{uuid.uuid4()}", task_queue=queue)


async def _ends_of_turns(client: Client, handle: WorkflowHandle[Any, Any]) -> list[float]:
    """When each model call of a workflow's runs was completed, in seconds since 1970."""
    ended = []
    run_id: str | None = handle.first_execution_run_id
    while run_id:
        run, run_id = client.get_workflow_handle(handle.id, run_id=run_id), None
        calls = set()
        async for event in run.fetch_history_events():
            if event.activity_task_scheduled_event_attributes.activity_type.name == "invoke_model_activity":
                calls.add(event.event_id)
            if event.activity_task_completed_event_attributes.scheduled_event_id in calls:
                ended.append(event.event_time.ToNanoseconds() / 1e9)
            run_id = event.workflow_execution_continued_as_new_event_attributes.new_execution_run_id or run_id
    return ended


def _part(ended: Sequence[float], runs: Sequence[Budget], first: int, last: int) -> tuple[float, float, int]:
    """Seconds, bytes and input tokens of the turns from one number to another."""
    turns = [turn for run in runs for turn in run.turns]
    tokens = [count for run in runs for count in run.input_tokens]
    used = sum(turn.bytes for turn in turns[first:last])
    return ended[last] - ended[first], used, sum(tokens[first:last])


async def measure(checks: int) -> None:
    """All of it."""
    await documents()
    print()
    await four_ways(checks)
    lab.reset_meter()
    await long_run()


def main() -> None:
    """Measure, print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.long_runs", description=__doc__)
    parser.add_argument("--checks", type=int, default=40, help="of each of the ways")
    chosen = parser.parse_args()
    with private_lab():
        write_files("watch")
        asyncio.run(measure(chosen.checks))


if __name__ == "__main__":
    main()
