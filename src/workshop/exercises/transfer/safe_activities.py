"""Activities that move money once, however often they are tried."""

from __future__ import annotations

import asyncio
import builtins
import contextlib
import itertools
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from types import ModuleType
from typing import Any

from workshop.checks.bench import Bench, NotYet
from workshop.checks.books import Books, moves_told
from workshop.checks.endings import result_of
from workshop.checks.registry import exercise
from workshop.checks.workflows import need_activity, running_worker, task_queue
from workshop.exercises.transfer.activities import CLOSED, probe_errors

_Keys = Mapping[tuple[int, int], str]

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
    """The keys of attempts in two processes and of other activities; then a transfer whose answers are lost."""
    books = Books(bench)
    books.open(alice=10_000, bob=0)
    first = [_Call(0, f"{_ID}-a-1", "11"), *_OTHERS]
    again = [replace(one, attempt=attempt) for attempt in (2, 7) for one in first]
    await bench.run(_probe_keys, [asdict(one) for one in first], 0)
    keys = _keys_sent(bench, first)
    bench.reset_meter()
    await bench.run(_probe_keys, [asdict(one) for one in again], 1)
    _judge_attempts(first, keys, again, _keys_sent(bench, again))
    _judge_others(first, keys)
    with bench.fault("bank", "refuse"):
        calls = [("withdraw", "alice", 30), ("deposit", "bob", 30)]
        await bench.run(probe_errors, calls, CLOSED)
    await _judge_lost_answers(bench, books)
    return ""


@dataclass(frozen=True)
class _Call:
    """One attempt at an activity; ``n`` is the activity's number in the table."""

    n: int
    workflow: str
    activity: str
    name: str = "withdraw"
    amount: int = 30
    attempt: int = 1

    def __str__(self) -> str:
        return f"{self.name} of {self.amount} (workflow {self.workflow!r}, activity {self.activity!r})"


_ID = "transfer-6d1f7a02-3c58-4e0b-9f6a-b7c41d2e8f35"
"""How the ids of the workflows begin: as long as the lesson's own, so that a key which is cut shows it."""

# Pairs that are nearly the same: of one workflow, of two, with ids that give the same text side by side. The last two
# are under way at the same time; their amounts tell which is which.
_OTHERS = (
    _Call(1, f"{_ID}-a-1", "12"),
    _Call(2, f"{_ID}-a-11", "1"),
    _Call(3, f"{_ID}-b-1", "11"),
    _Call(4, f"{_ID}-a-1", "13", "deposit"),
    _Call(5, f"{_ID}-a-1", "14", "deposit"),
    _Call(6, f"{_ID}-b-1", "13", "deposit"),
    _Call(7, f"{_ID}-c-1", "11", amount=41),
    _Call(8, f"{_ID}-d-1", "11", amount=42),
)


def _keys_sent(bench: Bench, calls: Sequence[_Call]) -> dict[tuple[int, int], str]:
    """The key that each attempt has sent, by number and attempt; of one that asked nothing there is none."""
    sent: dict[tuple[str, int], list[str]] = {}
    for exchange in bench.transcript():
        if exchange.route == "bank":
            name = "withdraw" if str(exchange.request["path"]).endswith("withdrawals") else "deposit"
            amount = json.loads(exchange.request["body"])["amount"]
            sent.setdefault((name, amount), []).append(str(exchange.request["idempotency_key"]))
    return {
        (one.n, one.attempt): sent[one.name, one.amount].pop(0)
        for one in calls
        if sent.get((one.name, one.amount))
    }


def _judge_attempts(first: Sequence[_Call], keys: _Keys, again: Sequence[_Call], later: _Keys) -> None:
    for one in (*first, *again):
        key = (keys if one.attempt == 1 else later).get((one.n, one.attempt))
        if key is None:
            raise NotYet(
                "each attempt to ask the bank, since the one before may not have reached it",
                f"attempt {one.attempt} of {one.name} sent no request",
                f"`{one.name}`: the key makes a second request harmless",
            )
        if not key:
            raise NotYet("a key with each request", f"{one.name} sends none", f"`key=` in `{one.name}`")
    for one in again:
        was, now = keys[one.n, 1], later[one.n, one.attempt]
        if was != now:
            raise NotYet(
                "the same key for each attempt of one activity, in whichever process it runs",
                f"for {one} attempt 1 sent {was!r}, and attempt {one.attempt}, in another process, {now!r}",
                "what your key is made of",
            )


def _judge_others(first: Sequence[_Call], keys: _Keys) -> None:
    for one, other in itertools.combinations(first, 2):
        if keys[one.n, 1] == keys[other.n, 1]:
            raise NotYet(
                "a different key for each activity",
                f"{one} and {other} send the same key, {keys[one.n, 1]!r}: the second would not move the money",
                "what your key is made of",
            )


async def _judge_lost_answers(bench: Bench, books: Books) -> None:
    before = len(books.moved())
    with (
        bench.fault("bank", "cut", calls=1),
        # What the first fault hits, the second does not see.
        bench.fault("bank", "cut", calls=1, after=1),
    ):
        seen = await bench.run(_probe_moves, bench.scope)
    moved = books.moved()[before:]
    if moved != [("withdrawal", "alice", 30), ("deposit", "bob", 30)] or seen["failed"]:
        problem = f"; the transfer failed: {seen['failed']}" if seen["failed"] else ""
        raise NotYet(
            "one withdrawal and one deposit, though the answers of both were lost",
            f"the bank's ledger shows {moves_told(moved)}{problem}",
            seen["line"] or "what your key is made of",
        )


async def _probe_keys(module: ModuleType, calls: list[dict[str, Any]], salt: int) -> None:
    """Call the activities as Temporal would, the last two at the same time.

    Args:
        module: The learner's.
        calls: The fields of :class:`_Call`.
        salt: What tells this process from another: there, ``hash()`` gives something else for the same text.
    """
    given = hash
    # Children of the checks' fork server share its hashes; two workers would not.
    builtins.hash = lambda value: given(value) ^ salt
    table = [_Call(**one) for one in calls]
    for one in table:
        if one.amount == 30:
            await _called(module, one)
    for attempt in {one.attempt for one in table}:
        pair = [one for one in table if one.amount != 30 and one.attempt == attempt]
        await asyncio.gather(*(_called(module, one) for one in pair))


async def _called(module: ModuleType, call: _Call) -> None:
    from temporalio.testing import ActivityEnvironment

    from workshop.tools import bank

    function = need_activity(module, call.name)
    environment = ActivityEnvironment()
    moment = environment.info.current_attempt_scheduled_time + timedelta(seconds=call.attempt)
    environment.info = replace(
        environment.info,
        workflow_id=call.workflow,
        workflow_run_id=f"run-of-{call.workflow}",
        workflow_type="MoneyTransfer",
        activity_id=call.activity,
        activity_type=call.name,
        attempt=call.attempt,
        current_attempt_scheduled_time=moment,
        started_time=moment,
        task_token=f"{call.activity} {call.attempt}".encode(),
    )
    # A key that another activity has used is refused by the bank. Which keys were sent is judged.
    with contextlib.suppress(bank.BankRefused):
        await environment.run(function, "alice" if call.name == "withdraw" else "bob", call.amount)


async def _probe_moves(module: ModuleType, workflow_id: str) -> dict[str, str]:
    """A transfer: why it failed, in which line; empty if it did not."""
    from workshop.exercises.transfer.counterparts import Move

    found = [need_activity(module, name) for name in ("withdraw", "deposit")]
    async with running_worker(workflows=[Move], activities=found) as client:
        moves = [("withdraw", "alice"), ("deposit", "bob")]
        handle = await client.start_workflow("Move", moves, id=workflow_id, task_queue=task_queue())
        try:
            await result_of(handle, "")
        except NotYet as error:
            return {"failed": error.got, "line": error.look}
    return {"failed": "", "line": ""}
