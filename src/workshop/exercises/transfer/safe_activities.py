"""Activities that move money once, however often they are tried."""

from __future__ import annotations

from types import ModuleType
from typing import Any

from workshop.checks.bench import Bench, NotYet
from workshop.checks.books import Books, moves_so_far, moves_told
from workshop.checks.endings import result_of
from workshop.checks.registry import exercise
from workshop.checks.workflows import need_activity, running_worker, task_queue

_DOCS = "https://docs.temporal.io/develop/python"


@exercise(
    proves="The answer of a deposit was lost, the deposit was tried again, and the money moved once.",
    hints=(
        "What is the same for all attempts of one activity, and different for every other activity?",
        "`activity.info()` has `workflow_id`, `activity_id` and `attempt`; one of the three must not be in the key: "
        f"{_DOCS}/activities/basics",
        'key = f"{activity.info().workflow_id}/{activity.info().activity_id}"\n'
        "await bank.deposit(account, amount, key=key)",
    ),
    timeout=60,
)
async def safe_activities(bench: Bench) -> str:
    """A transfer whose two answers are lost; then one of two withdrawals from one account and a deposit."""
    books = Books(bench)
    books.open(alice=1000, bob=0)
    out, into = ("withdrawal", "alice", 30), ("deposit", "bob", 30)
    with (
        bench.fault("bank", "cut", calls=1),
        # What the first fault hits, the second does not see: it lets the second withdrawal pass.
        bench.fault("bank", "cut", calls=1, after=1),
    ):
        seen = await bench.run(_probe_moves, bench.scope)
    moved = books.moved()
    first, second = moved[: seen["moved"]], moved[seen["moved"] :]
    for expected, right, got in (
        ("one withdrawal and one deposit, though the answers of both were lost", first == [out, into], first),
        ("two transfers of the same amount to move the money twice", second[:1] == [out], moved),
        (
            "two withdrawals in one workflow, from one account, to move the money twice",
            second == [out, out, into],
            second,
        ),
    ):
        if not right:
            problem = f"; a transfer failed: {seen['failed']}" if seen["failed"] else ""
            look = seen["line"] or "what your key is made of"
            raise NotYet(expected, f"the bank's ledger shows {moves_told(got)}{problem}", look)
    if books.keyless():
        raise NotYet("a key with each request", "requests without one", "`key=` in both activities")
    return ""


async def _probe_moves(module: ModuleType, workflow_id: str) -> dict[str, Any]:
    """Two transfers: how many moves the first one made, and why one of them failed, in which line."""
    from workshop.exercises.transfer.counterparts import Move

    found = [need_activity(module, name) for name in ("withdraw", "deposit")]
    out, into = ("withdraw", "alice"), ("deposit", "bob")
    seen: dict[str, Any] = {"moved": 0, "failed": "", "line": ""}
    async with running_worker(workflows=[Move], activities=found) as client:
        for number, moves in enumerate(([out, into], [out, out, into])):
            handle = await client.start_workflow(
                "Move", moves, id=f"{workflow_id}-{number}", task_queue=task_queue()
            )
            try:
                await result_of(handle, "")
            except NotYet as error:
                seen |= {"failed": error.got, "line": error.look}
            if number == 0:
                seen["moved"] = len(await moves_so_far())
            if seen["failed"]:
                break
    return seen
