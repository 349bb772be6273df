"""A workflow mended while runs of its broken code wait."""

from __future__ import annotations

from datetime import timedelta
from types import ModuleType
from typing import Any

from workshop.checks.bench import Bench, NotYet, describe, need, place_of
from workshop.checks.books import Books, moves_told
from workshop.checks.endings import result_of
from workshop.checks.registry import exercise
from workshop.checks.tracebacks import hint_at_cause
from workshop.checks.workflows import need_done, running_worker, task_queue
from workshop.exercises.transfer.transfers import ACTIVITIES, WORKFLOW

_DOCS = "https://docs.temporal.io/develop/python"


@exercise(
    proves="A run that was stuck on a bug went on with your code, and the fee was charged once.",
    hints=(
        "What did `lab.result` say: which name, in which line?",
        "The history of the old runs must fit the new code: same class name, same activities in the same order: "
        f"{_DOCS}/versioning",
        'Copy the class Fee; the last line is `return f"charged {account}"`.',
    ),
    timeout=60,
)
async def mended_fee(bench: Bench) -> str:
    """A run is begun by the broken workflow until its task fails, then given to the learner's; and a new one."""
    need_done(bench, ACTIVITIES, WORKFLOW)
    books = Books(bench)
    books.open(alice=100, bob=100)
    results = await bench.run(_probe_mended, bench.scope)
    for account, result in results.items():
        if not isinstance(result, str) or account not in result:
            raise NotYet(
                f"a sentence that names the account {account}", describe(result), "the `return` of `run`"
            )
    for account, which in (("alice", "the fee of the old run"), ("bob", "the fee of a new run")):
        if books.moved(account) != [("withdrawal", account, 1)]:
            raise NotYet(
                f"{which}, 1, to be charged once",
                f"the ledger shows {moves_told(books.moved(account))}",
                "the body of `run`",
            )
    return f"The result: {results['alice']}"


async def _probe_mended(module: ModuleType, workflow_id: str) -> dict[str, Any]:
    from temporalio.api.enums.v1 import EventType

    from workshop.checks.replays import OTHER_NAME, REPLAY_FAILS, misfit_of
    from workshop.exercises.transfer.counterparts import BrokenFee, withdraw

    mended = need(module, "Fee", type, "a class of that name, which the worker imports")
    look = place_of(module)
    async with running_worker(workflows=[BrokenFee], activities=[withdraw]) as client:
        # A failed task is offered again when its timeout is over; ten seconds, unless told otherwise.
        soon = timedelta(seconds=1)
        handle = await client.start_workflow(
            "Fee", "alice", id=workflow_id, task_queue=task_queue(), task_timeout=soon
        )
        async for event in handle.fetch_history_events(wait_new_event=True):
            if event.event_type == EventType.EVENT_TYPE_WORKFLOW_TASK_FAILED:
                break
    if why := await misfit_of(await handle.fetch_history(), mended, values=False):
        if why.got.startswith(REPLAY_FAILS):
            raise NotYet("code that goes on with the old runs", hint_at_cause(why.got, why.look), why.look)
        if why.got.startswith(OTHER_NAME):
            raise NotYet(
                "a workflow of the name Fee, by which the old runs ask for it",
                why.got,
                f"{why.look}: the argument of `@workflow.defn`",
            )
        raise NotYet(
            "code that fits the old runs: their first step is withdraw",
            hint_at_cause(why.got),
            f"{look}: the first step of `run`",
        )
    async with running_worker(workflows=[mended], activities=[withdraw], client=client):
        fresh = await client.start_workflow("Fee", "bob", id=f"{workflow_id}-new", task_queue=task_queue())
        new = await result_of(fresh, look, what="a new run")
        old = await result_of(handle, look, what="the run that the broken code began")
    return {"alice": old, "bob": new}
