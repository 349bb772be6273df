"""A process that does transfers, and waits for the next."""

from __future__ import annotations

import os
from types import ModuleType
from typing import Any

from workshop.checks.bench import Bench, need_function
from workshop.checks.books import Books
from workshop.checks.endings import process_ended
from workshop.checks.endurance import need_endurance
from workshop.checks.registry import exercise
from workshop.checks.workflows import need_done, start_run
from workshop.exercises.transfer.transfers import (
    ACTIVITIES,
    QUEUE,
    TRANSFER,
    WORKFLOW,
    transferred,
)

_DOCS = "https://docs.temporal.io/develop/python"


@exercise(
    proves="Your worker took a transfer from the task queue, carried it out, and waits for the next one.",
    hints=(
        "A worker needs to know four things. The three imports from `my` name them.",
        "`Worker(client, task_queue=..., workflows=[...], activities=[...])`, then `run()`: "
        f"{_DOCS}/workers/run-worker-process",
        "worker = Worker(\n    client,\n    task_queue=TASK_QUEUE,\n    workflows=[MoneyTransfer],\n"
        "    activities=[withdraw, deposit],\n)\n"
        "await worker.run()",
    ),
    timeout=60,
)
async def worker(bench: Bench) -> str:
    """A process that runs the learner's file does a transfer; in the child, its `main` still works hours later."""
    need_done(bench, ACTIVITIES, WORKFLOW)
    books = Books(bench)
    books.open(alice=200, bob=100)
    process = await bench.process()
    handle = await start_run(
        bench, "MoneyTransfer", TRANSFER, queue=QUEUE, workflow_id=f"{bench.scope}-process"
    )
    await transferred(handle, process, "the arguments of Worker(...)")
    if not process.running:
        raise process_ended(process, "a worker that keeps waiting for work", "`await worker.run()`")
    process.kill()
    await bench.run(_probe_hours, TRANSFER, bench.scope)
    books.must_show([("withdrawal", "alice", 30), ("deposit", "bob", 30)] * 3)
    return ""


async def _probe_hours(module: ModuleType, transfer: dict[str, Any], workflow_id: str) -> None:
    """Have `main` do a transfer, let a day pass on its event loop's clock, and have it do another one."""
    await need_endurance(
        need_function(module, "main", is_async=True),
        "MoneyTransfer",
        transfer,
        queue=f"{QUEUE}-{os.environ['WORKSHOP_SCOPE']}",
        prefix=workflow_id,
        what="the transfer",
    )
