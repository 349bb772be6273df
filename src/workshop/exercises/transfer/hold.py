"""A transfer that waits an hour, and gives the money back if it is cancelled meanwhile."""

from __future__ import annotations

from types import ModuleType
from typing import TYPE_CHECKING, Any

from workshop.checks.bench import Bench, NotYet, need, place_of
from workshop.checks.books import Books, moves_told
from workshop.checks.endings import beside, ending_of, result_of
from workshop.checks.registry import exercise
from workshop.checks.workflows import need_done, running_worker, task_queue
from workshop.exercises.transfer.transfers import ACTIVITIES, OTHER, TRANSFER, WORKFLOW

if TYPE_CHECKING:
    from temporalio.client import WorkflowHandle

_DOCS = "https://docs.temporal.io/develop/python"


@exercise(
    proves="A cancelled transfer gave the money back before it ended as cancelled.",
    hints=(
        "At which line is the workflow when the cancellation reaches it?",
        "`asyncio.CancelledError` is raised at that line; after it is caught, activities run as usual: "
        f"{_DOCS}/cancellation",
        "try:\n    await workflow.sleep(timedelta(hours=1))\nexcept asyncio.CancelledError:\n"
        "    await workflow.execute_activity(deposit, args=withdrawal, ...)\n    raise",
    ),
    timeout=60,
)
async def hold(bench: Bench) -> str:
    """One run is cancelled during its wait; another one's hour passes in a moment."""
    need_done(bench, ACTIVITIES, WORKFLOW)
    books = Books(bench)
    books.open(alice=100, bob=0, carol=100, dan=0)
    seen = await bench.run(_probe_hold, bench.scope)
    if seen["waited"] != 3600:
        raise NotYet("a wait of an hour, 3600 s", f"a wait of {seen['waited']:g} s", "`workflow.sleep(...)`")
    for who, how, right in (
        ("alice bob", "cancelled during its wait", [("withdrawal", "alice", 30), ("deposit", "alice", 30)]),
        ("carol dan", "whose hour passes", [("withdrawal", "carol", 20), ("deposit", "dan", 20)]),
    ):
        if books.moved(*who.split()) != right:
            raise NotYet(
                f"a transfer {how} to move: {moves_told(right)}",
                f"the ledger shows {moves_told(books.moved(*who.split()))}",
                "what is done when `asyncio.CancelledError` is caught, and what in any case",
            )
    if seen["status"] != "cancelled":
        raise NotYet("a run that ends as cancelled", f"it {seen['status']}", "`raise` after the refund")
    return ""


async def _probe_hold(module: ModuleType, workflow_id: str) -> dict[str, Any]:
    from workshop.exercises.transfer.counterparts import deposit, withdraw
    from workshop.exercises.transfer.hurried import Hurried

    defined = need(module, "HeldTransfer", type, "a class")
    look = place_of(module)
    async with running_worker(
        workflows=[defined], activities=[withdraw, deposit], workflow_runner=Hurried()
    ) as client:
        handle = await client.start_workflow(
            "HeldTransfer", TRANSFER, id=workflow_id, task_queue=task_queue()
        )
        expected = "the workflow to wait an hour"
        if not await beside(handle, _timer_started(handle), look, expected=expected):
            raise NotYet(expected, "it ended without waiting", f"{look}: `workflow.sleep`")
        await handle.cancel()
        status = await ending_of(
            handle, f"{look}: `raise` after the refund", what="the cancelled run", timeout=5
        )
        passing = await client.start_workflow(
            "HeldTransfer", OTHER, id=f"{workflow_id}-hurried", task_queue=task_queue()
        )
        await result_of(passing, look, what="a transfer whose hour passes", timeout=10)
    return {"status": status, "waited": Hurried.asked_for.get(passing.id, 0)}


async def _timer_started(handle: WorkflowHandle[Any, Any]) -> bool:
    """Wait until a run waits for a timer; False if it ends without."""
    async for event in handle.fetch_history_events(wait_new_event=True):
        if event.HasField("timer_started_event_attributes"):
            return True
    return False
