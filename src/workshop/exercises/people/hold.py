"""A hold that gives its money back when it is cancelled, and ends as cancelled."""

from __future__ import annotations

from types import ModuleType

from workshop.checks.bench import Bench, NotYet, need
from workshop.checks.books import moves_told
from workshop.checks.endings import beside, ending_of
from workshop.checks.registry import exercise
from workshop.checks.workflows import running_worker, task_queue
from workshop.exercises.documentation import TEMPORAL
from workshop.exercises.people.payments import open_bank
from workshop.exercises.people.project import activities, project


@exercise(
    proves="The cancelled hold gave its money back and ended as cancelled; the claimed one was paid out.",
    hints=(
        "What is raised in a workflow that waits, when it is cancelled? Who learns of it if you do not raise it again?",
        f"`try`, `except asyncio.CancelledError`, and `raise`: {TEMPORAL}/cancellation",
        "try:\n    await workflow.wait_condition(lambda: self.claimed)\nexcept asyncio.CancelledError:\n"
        '    await move(deposit, "Fund", amount)\n    raise',
    ),
    timeout=40,
)
async def hold(bench: Bench) -> str:
    """One hold is cancelled while it waits, another one is claimed."""
    books = open_bank(bench)
    with project(bench):
        ends = await bench.run(_probe_hold, bench.scope)
    out = ("withdrawal", "Fund", 30)
    back, paid = ("deposit", "Fund", 30), ("deposit", "Ana", 20)
    moved = [one for one in books.moved() if one[2] == 30]
    if moved != [out, back]:
        raise NotYet(
            "the money of a cancelled hold to go back to Fund, once",
            f"the ledger shows {moves_told(moved)}",
            "`except asyncio.CancelledError`",
        )
    if ends["cancelled"] != "cancelled":
        raise NotYet(
            "a cancelled run to end as cancelled", f"it {ends['cancelled']}", "`raise` after the clean-up"
        )
    moved = [one for one in books.moved() if one[2] == 20]
    if moved != [("withdrawal", "Fund", 20), paid]:
        raise NotYet(
            "the money of a claimed hold to go to Ana", f"the ledger shows {moves_told(moved)}", "`run`"
        )
    return ""


async def _probe_hold(module: ModuleType, workflow_id: str) -> dict[str, str]:
    defined = need(module, "Hold", type, "a class")
    look = "the wait in `run`"
    ends = {}
    async with running_worker(
        workflows=[defined], activities=[activities().withdraw, activities().deposit]
    ) as client:
        for what, amount in (("cancelled", 30), ("claimed", 20)):
            handle = await client.start_workflow(
                "Hold", args=["Ana", amount], id=f"{workflow_id}-{what}", task_queue=task_queue()
            )
            aside = handle.execute_update("wait_until_aside")
            await beside(handle, aside, look, expected="money to be put aside, and the run to wait")
            if what == "cancelled":
                await handle.cancel()
            else:
                await handle.signal("claim")
            ends[what] = await ending_of(handle, look, what=f"a run that was {what}", timeout=15)
    return ends
