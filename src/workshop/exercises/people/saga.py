"""A saga: a payout that fails is undone step by step, although its worker is killed in between."""

from __future__ import annotations

import asyncio
import contextlib
from pathlib import Path
from types import ModuleType

from workshop.checks.bench import Bench, NotYet, need
from workshop.checks.books import moves_told
from workshop.checks.endings import ending_of, result_of
from workshop.checks.registry import exercise
from workshop.checks.workflows import connect, running_worker, task_queue
from workshop.exercises.people.payments import open_bank
from workshop.exercises.people.project import activities, project


@exercise(
    proves="A payout that failed was undone step by step although the worker was killed in between, and said why.",
    hints=(
        "When a step fails: which of the steps have to be undone, and which not?",
        "A list of what is done, `except ActivityError`, `reversed(...)`, and `raise`: "
        "https://docs.temporal.io/evaluate/use-cases-design-patterns",
        "done = []\ntry:\n    for step in steps:\n        do, _, account, money = step\n        ...\n"
        "        done.append(step)\nexcept ActivityError:\n    for _, undo, account, money in reversed(done):\n"
        "        ...\n    raise",
    ),
    timeout=90,
    note="kills a real worker and waits until another has taken over: 20 seconds at most",
)
async def saga(bench: Bench) -> str:
    """A payout that works; then one whose third step fails, and whose worker is killed while the second is undone."""
    books = open_bank(bench)
    look = "the body of `run`"
    with project(bench):
        await bench.run(_probe_saga, bench.scope)
        books.must_show(
            [("withdrawal", "Fund", 20), ("deposit", "Ana", 10), ("deposit", "Bob", 10)],
            "`run`: `await move(...)` for each step",
        )
        books = open_bank(bench)
        why = await _undone(bench, look)
    done = [("withdrawal", "Fund", 60), ("deposit", "Ana", 30)]
    moved = books.moved()
    undone = [("withdrawal", "Ana", 30), ("deposit", "Fund", 60)]
    if moved[:2] != done or sorted(moved[2:]) != sorted(undone):
        raise NotYet(
            f"the ledger to show {moves_told([*done, *undone])}",
            f"it shows {moves_told(moved)}",
            f"{look}: what is undone",
        )
    if moved[2:] != undone:
        raise NotYet(
            "the last step to be undone first", f"the ledger shows {moves_told(moved)}", "`reversed(...)`"
        )
    return f"The run failed: {why}"


async def _probe_saga(module: ModuleType, workflow_id: str) -> None:
    defined = need(module, "Payout", type, "a class")
    async with running_worker(
        workflows=[defined], activities=[activities().withdraw, activities().deposit]
    ) as client:
        handle = await client.start_workflow(
            "Payout", args=[10, ["Ana", "Bob"]], id=f"{workflow_id}-paid", task_queue=task_queue()
        )
        await result_of(handle, "the body of `run`", what="a payout to two people who have accounts")


async def _undone(bench: Bench, look: str) -> str:
    """Why the payout failed, once its worker was killed in the midst of undoing."""
    from workshop.errors import LabTimeout
    from workshop.lab.results import WorkflowFailed, result

    script = str(Path(__file__).with_name("payout_worker.py"))
    client = await connect(bench)
    expected = "the payout to fail, since Zoe has no account"
    with bench.fault("bank", "delay", delay=60, after=3) as held:
        process = await bench.process(script)
        handle = await client.start_workflow(
            "Payout", args=[30, ["Ana", "Zoe"]], id=bench.scope, task_queue=f"check-{bench.scope}"
        )
        undoing = asyncio.ensure_future(held.hit(timeout=20))
        ended = asyncio.ensure_future(ending_of(handle, look, timeout=25))
        await asyncio.wait({undoing, ended}, return_when=asyncio.FIRST_COMPLETED)
        early = ended.done()
        ended.cancel()
        if not early:
            with contextlib.suppress(LabTimeout):
                await undoing
        undoing.cancel()
        process.kill()
    if not early:
        await bench.process(script)
    try:
        await result(handle, timeout=25)
    except WorkflowFailed as error:
        if error.how == "failed":
            if "Zoe" not in str(error):
                raise NotYet(expected, f"it failed for another reason: {error}", look) from None
            return str(error).splitlines()[0].removeprefix("Payout failed: ")
        raise NotYet(expected, f"it {error.how}", look) from None
    raise NotYet(
        expected, "it completed, and its caller believes that both were paid", "`raise` after undoing"
    )
