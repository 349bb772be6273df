"""A transfer that waits an hour, and gives the money back if it is cancelled meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from types import ModuleType
from typing import TYPE_CHECKING, Any

from workshop.checks.bench import Bench, NotYet, need, place_of
from workshop.checks.books import Books, moves_told
from workshop.checks.endings import beside, ending_of, result_of
from workshop.checks.histories import activity_runs, begun, scheduled_activities
from workshop.checks.registry import exercise
from workshop.checks.replays import steps_of
from workshop.checks.workflows import handle_of, need_done, running_worker, task_queue
from workshop.exercises.transfer.transfers import ACTIVITIES, WORKFLOW, judge_limits

if TYPE_CHECKING:
    from temporalio.client import WorkflowHandle, WorkflowHistory

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
    """Transfers that are cancelled at four moments, one with a bank that is closed, and one whose hour passes."""
    need_done(bench, ACTIVITIES, WORKFLOW)
    books = Books(bench)
    books.open(alice=100, bob=0, carol=100, dan=0, henry=100, ida=0, erin=100, frank=0, gina=100)
    other = bench.fresh.amount(11, 29)
    seen = await bench.run(_probe_hold, bench.scope, other)
    if seen["waited"] != 3600:
        raise NotYet("a wait of an hour, 3600 s", f"a wait of {seen['waited']:g} s", "`workflow.sleep(...)`")
    for one in await activity_runs(await handle_of(bench, f"{bench.scope}-alice")):
        judge_limits(one)
    for who, how, right in (
        ("alice bob", _DURING_WAIT, [("withdrawal", "alice", 30), ("deposit", "alice", 30)]),
        ("henry ida", _DURING_WAIT, [("withdrawal", "henry", other), ("deposit", "henry", other)]),
        ("carol dan", "that waits its whole hour", [("withdrawal", "carol", 20), ("deposit", "dan", 20)]),
        ("gina frank", "that is cancelled during its last deposit", [("withdrawal", "gina", 30)]),
    ):
        if books.moved(*who.split()) != right:
            more = "; the deposit in progress may still succeed" if "gina" in who else ""
            raise NotYet(
                f"a transfer {how} to move: {moves_told(right)}{more}",
                f"the ledger shows {moves_told(books.moved(*who.split()))}",
                "what runs, and is awaited, after `asyncio.CancelledError` is caught, and what runs in every case",
            )
    for source, status in seen["status"].items():
        if status != "cancelled":
            when = {"erin": "the withdrawal", "gina": "the last deposit"}.get(source, "the wait")
            raise NotYet(
                f"a run that is cancelled during {when} to end as cancelled",
                f"it {status}",
                "`raise` after the refund, and only the wait in the `try`",
            )
    if seen["late"] not in ([], ["deposit"]):
        raise NotYet(
            "no refund if a cancellation arrives together with the news that the last deposit is complete",
            "the workflow then deposits a second time: the money is paid twice",
            "`run`: put only the wait into the `try`",
        )
    if "deposit" in await scheduled_activities(await handle_of(bench, f"{bench.scope}-erin")):
        raise NotYet(
            "no deposit after a cancellation during the withdrawal: nobody knows whether the money has been withdrawn",
            "the workflow asked for one",
            "`run`: put only the wait into the `try`",
        )
    return ""


_DURING_WAIT = "that is cancelled during its wait"


async def _probe_hold(module: ModuleType, workflow_id: str, other: int) -> dict[str, Any]:
    from workshop.exercises.transfer.counterparts import deposit_scripted, withdraw_scripted
    from workshop.exercises.transfer.hurried import Hurried

    defined = need(module, "HeldTransfer", type, "a class")
    look = place_of(module)
    async with running_worker(
        workflows=[defined], activities=[withdraw_scripted, deposit_scripted], workflow_runner=Hurried()
    ) as client:

        async def start(source: str, target: str, amount: int = 30, *, hurried: bool = False) -> Any:
            return await client.start_workflow(
                "HeldTransfer",
                {"source": source, "target": target, "amount": amount},
                id=f"{workflow_id}-{source}" + ("-hurried" if hurried else ""),
                task_queue=task_queue(),
            )

        async def cancelled_when(handle: Any, reached: Awaitable[bool], expected: str, got: str) -> str:
            if not await beside(handle, reached, look, expected=expected):
                raise NotYet(expected, got, f"{look}: `workflow.sleep`")
            await handle.cancel()
            return await ending_of(
                handle, f"{look}: `raise` after the refund", what="the cancelled run", timeout=20
            )

        alice, henry = await start("alice", "bob"), await start("henry", "ida", other)
        erin, gina = await start("erin", "frank"), await start("gina", "frank", hurried=True)
        passing = await start("carol", "dan", 20, hurried=True)
        hour, at_once = "the workflow to wait an hour", "it ended without waiting"
        endings = await asyncio.gather(
            cancelled_when(alice, _timer_started(alice), hour, at_once),
            cancelled_when(henry, _timer_started(henry), hour, at_once),
            cancelled_when(erin, begun(erin, "withdraw"), "the withdrawal to begin", "it ended without"),
            cancelled_when(
                gina, begun(gina, "deposit"), "the deposit after the hour to begin", "it ended without"
            ),
        )
        await result_of(passing, look, what="a transfer that waits its whole hour", timeout=20)
        late = await steps_of(_cancelled_late(await passing.fetch_history()), defined)
    names = ("alice", "henry", "erin", "gina")
    return {
        "status": dict(zip(names, endings, strict=True)),
        "waited": Hurried.asked_for.get(passing.id, 0),
        "late": [what.removeprefix("the activity ") for what in late if what == "the activity deposit"],
    }


def _cancelled_late(history: WorkflowHistory) -> WorkflowHistory:
    """A run's history up to its last activity, with a cancellation that the workflow hears of at the same time.

    A server cannot be made to bring the two together, but they may come so: the activity is complete before it can
    be cancelled, and `CancelledError` is raised where the workflow awaits it.
    """
    from temporalio.api.enums.v1 import EventType
    from temporalio.api.history.v1 import HistoryEvent
    from temporalio.client import WorkflowHistory

    completed = EventType.EVENT_TYPE_ACTIVITY_TASK_COMPLETED
    last = max((event.event_id for event in history.events if event.event_type == completed), default=0)
    # Then the task in which the workflow hears of it is scheduled, and started.
    heard = []
    for event in history.events[last : last + 2]:
        moved = HistoryEvent()
        moved.CopyFrom(event)
        moved.event_id += 1
        if moved.HasField("workflow_task_started_event_attributes"):
            moved.workflow_task_started_event_attributes.scheduled_event_id += 1
        heard.append(moved)
    cancelled = HistoryEvent(
        event_id=last + 1, event_type=EventType.EVENT_TYPE_WORKFLOW_EXECUTION_CANCEL_REQUESTED
    )
    cancelled.workflow_execution_cancel_requested_event_attributes.SetInParent()
    return WorkflowHistory(history.workflow_id, [*history.events[:last], cancelled, *heard])


async def _timer_started(handle: WorkflowHandle[Any, Any]) -> bool:
    """Wait until a run waits for a timer; False if it ends without."""
    async for event in handle.fetch_history_events(wait_new_event=True):
        if event.HasField("timer_started_event_attributes"):
            return True
    return False
