"""A process that does transfers, and waits for the next."""

from __future__ import annotations

import asyncio

from workshop.checks.bench import Bench
from workshop.checks.books import Books
from workshop.checks.endings import process_ended
from workshop.checks.registry import exercise
from workshop.checks.workflows import need_done, start_run
from workshop.exercises.transfer.transfers import ACTIVITIES, QUEUE, TRANSFER, WORKFLOW, transferred

_DOCS = "https://docs.temporal.io/develop/python"


@exercise(
    proves="Your process took a transfer from the queue and did it, and waits for the next.",
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
    """A transfer is started, and a process that runs the learner's file completes it and stays."""
    need_done(bench, ACTIVITIES, WORKFLOW)
    books = Books(bench)
    books.open(alice=100, bob=0)
    process = await bench.process()
    for number in (1, 2):
        handle = await start_run(
            bench, "MoneyTransfer", TRANSFER, queue=QUEUE, workflow_id=f"{bench.scope}-{number}"
        )
        await transferred(handle, process, "the arguments of Worker(...)")
        if number == 1:
            # One that was only given a moment is gone by then.
            await asyncio.sleep(1)
    if not process.running:
        raise process_ended(process, "a worker that goes on waiting for work", "`await worker.run()`")
    books.must_show([("withdrawal", "alice", 30), ("deposit", "bob", 30)] * 2)
    return ""
