"""A program that starts a transfer, and prints what came of it."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from workshop.checks.bench import Bench, NotYet
from workshop.checks.books import Books
from workshop.checks.endings import process_ended, result_of
from workshop.checks.histories import start_of
from workshop.checks.registry import exercise
from workshop.checks.tracebacks import error_in
from workshop.checks.workflows import connect, need_done, started_runs
from workshop.exercises.transfer.transfers import ACTIVITIES, QUEUE, TRANSFER, WORKER, WORKFLOW

if TYPE_CHECKING:
    from temporalio.client import WorkflowHandle

    from workshop.lab.processes import Process

_DOCS = "https://docs.temporal.io/develop/python"


@exercise(
    proves="A program that knows nothing of the worker started a transfer and got its result, twice.",
    hints=(
        "Starting and waiting is one call of the client. What does it need besides the workflow and its argument?",
        "`await client.execute_workflow(MoneyTransfer.run, ..., id=..., task_queue=TASK_QUEUE)`: "
        f"{_DOCS}/client/temporal-client",
        'result = await client.execute_workflow(\n    MoneyTransfer.run, Transfer("alice", "bob", amount), '
        'id=f"transfer-{uuid.uuid4()}", task_queue=TASK_QUEUE\n)\nprint(result)',
    ),
    timeout=60,
)
async def starter(bench: Bench) -> str:
    """The program is run twice beside the learner's worker; each run moves the money and prints the result."""
    need_done(bench, ACTIVITIES, WORKFLOW, WORKER)
    books = Books(bench)
    books.open(alice=100, bob=0)
    await bench.process(WORKER)
    printed = ""
    for amount in (30, 20):
        printed = await _run_starter(bench, amount)
    started = await started_runs(bench, 2, queue=QUEUE)
    if len(started) == 2:
        _judge_arguments([(await start_of(handle)).arguments for handle in started], 30, 20)
    results = [await handle.result() for handle in started]
    if not any(str(one) in printed for one in results):
        wanted = (
            f"the workflow's result to be printed, such as {results[0]!r}"
            if results
            else "a started workflow"
        )
        raise NotYet(wanted, f"printed: {printed!r}", "`main`: what it waits for, and what it prints")
    if len({handle.id for handle in started}) < len(started):
        raise NotYet(
            "a new id for each run", f"each has the id {started[0].id!r}", "`main`: the argument `id`"
        )
    books.must_show(
        [
            ("withdrawal", "alice", 30),
            ("deposit", "bob", 30),
            ("withdrawal", "alice", 20),
            ("deposit", "bob", 20),
        ]
    )
    return f"It printed: {printed}"


async def _run_starter(bench: Bench, amount: int) -> str:
    """Run the learner's program to its end; what it printed.

    Raises:
        NotYet: it does not come to its end, or not to a good one.
    """
    look = "`main`"
    expected = f"`python starter.py {amount}` to run to its end"
    began = datetime.now(UTC)
    program = await bench.process(bench.exercise.file, str(amount))
    ended = asyncio.ensure_future(program.wait(timeout=40))
    try:
        while not ended.done():
            await asyncio.wait({ended}, timeout=0.4)
            run = None if ended.done() else await _run_of(bench, program, began)
            if run is not None:
                await _judge_start(bench, run, amount)
                # What keeps the program waiting is what keeps its run.
                await result_of(run, look, what="the transfer that it started", timeout=20)
                await asyncio.wait({ended}, timeout=10)
                break
        if not ended.done():
            raise NotYet(expected, "its transfer is complete, and it still runs", look)
        code = ended.result()
    finally:
        ended.cancel()
    if code != 0 or error_in(program.output())[0]:
        raise process_ended(program, expected, look)
    printed = program.output().strip()
    if not printed:
        raise NotYet("the result to be printed", "no output", "`main`: `print(...)`")
    return printed


async def _run_of(bench: Bench, program: Process, began: datetime) -> WorkflowHandle[Any, Any] | None:
    """The run that a program has started and that is not complete, in whichever queue; None if there is none."""
    client = await connect(bench)
    query = f"ExecutionStatus = 'Running' AND StartTime >= '{began.isoformat()}'"
    async for run in client.list_workflows(query):
        handle = client.get_workflow_handle(run.id, run_id=run.run_id)
        if (await start_of(handle)).by.startswith(f"{program.pid}@"):
            return handle
    return None


async def _judge_start(bench: Bench, handle: WorkflowHandle[Any, Any], amount: int) -> None:
    """Whether the learner's program has started what it should have, where its worker takes it."""
    begun = await start_of(handle)
    queue = f"{QUEUE}-{bench.scope}"
    if begun.queue != queue:
        raise NotYet(
            f"a transfer in the worker's task queue, {queue!r}", f"it is in {begun.queue!r}", "`task_queue=`"
        )
    _judge_arguments([begun.arguments], amount)


def _judge_arguments(seen: list[tuple[Any, ...]], *amounts: int) -> None:
    for amount in amounts:
        wanted = (TRANSFER | {"amount": amount},)
        if wanted not in seen:
            raise NotYet(
                f"a workflow that is given {_called(wanted)}",
                f"it is given {' and '.join(map(_called, seen))}",
                "`main`: the second argument of `execute_workflow`",
            )


def _called(arguments: tuple[Any, ...]) -> str:
    """Arguments of a workflow as they would be written."""
    shown = [
        f"Transfer({', '.join(repr(one[name]) for name in TRANSFER)})"
        if isinstance(one, dict) and one.keys() == TRANSFER.keys()
        else repr(one)
        for one in arguments
    ]
    return ", ".join(shown) or "nothing"
