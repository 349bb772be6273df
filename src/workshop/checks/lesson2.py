"""The checks of lesson 2, "Your first workflow".

Where an exercise is about workflow code, the probe runs a worker in the child process, on a task queue that only
this check uses; where it is about a process, the check starts the learner's own file. Both talk to the real server
and the practice bank, and are judged by the event history and the ledger.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
from datetime import timedelta
from types import ModuleType
from typing import TYPE_CHECKING, Any

import httpx2

from .bench import Bench, NotYet, NotYetAttempted, describe, need, need_function, place_of, placeholder_line
from .registry import exercise

if TYPE_CHECKING:
    from temporalio.client import Client, WorkflowHandle

    from workshop.lab.processes import Process

_DOCS = "https://docs.temporal.io/develop/python"

ACTIVITIES = "my/transfer/activities.py"
WORKFLOW = "my/transfer/workflow.py"
WORKER = "my/transfer/worker.py"
TRANSFER = {"source": "alice", "target": "bob", "amount": 30}


# --- 2.1 ---------------------------------------------------------------------------------------------


@exercise(
    "2.1",
    file=ACTIVITIES,
    proves="Each activity moved money at the bank, once.",
    hints=(
        "Compare with plain.py: which line of it belongs into which activity?",
        "`@activity.defn` above an `async def withdraw(account: str, amount: int) -> None`: "
        f"{_DOCS}/activities/basics",
        "@activity.defn\nasync def withdraw(account: str, amount: int) -> None:\n    await bank.withdraw(...)",
    ),
    timeout=60,
)
async def activities(bench: Bench) -> str:
    """Both are activities, and each does what its name says."""
    books = _Books(bench)
    for name, kind, account, amount in (
        ("withdraw", "withdrawal", "alice", 30),
        ("deposit", "deposit", "bob", 20),
    ):
        books.open(alice=100, bob=0)
        await bench.run(_probe_activity, name, account, amount)
        moved = books.moved()
        if moved != [(kind, account, amount)]:
            raise NotYet(
                f"{name}({account!r}, {amount}) to make one {kind} of {amount}, {account}",
                f"the bank's ledger shows {_list(moved)}",
                f"`{name}`: `await bank.{name}(account, amount)`",
            )
    return ""


async def _probe_activity(module: ModuleType, name: str, account: str, amount: int) -> None:
    from temporalio.testing import ActivityEnvironment

    function = _need_activity(module, name)
    await ActivityEnvironment().run(function, account, amount)


def _need_activity(module: ModuleType, name: str) -> Any:
    function = need_function(module, name, is_async=True)
    if not hasattr(function, "__temporal_activity_definition"):
        raise NotYet(
            f"`{name}`, an activity", "a function without @activity.defn", place_of(module, function)
        )
    return function


# --- 2.2 ---------------------------------------------------------------------------------------------


@exercise(
    "2.2",
    file=WORKFLOW,
    proves="The workflow moved the money through two activities, and the history shows them in that order.",
    hints=(
        "Which two calls did plain.py make, and in which order?",
        "`await workflow.execute_activity(withdraw, args=[...], start_to_close_timeout=TIMEOUT)`: "
        f"{_DOCS}/workflows/basics",
        "await workflow.execute_activity(\n    withdraw, args=[transfer.source, transfer.amount], "
        'start_to_close_timeout=TIMEOUT\n)\n...\nreturn f"moved {transfer.amount} ..."',
    ),
    timeout=60,
)
async def workflow(bench: Bench) -> str:
    """One transfer: withdraw, then deposit, then a sentence."""
    _need_done(bench, ACTIVITIES, "2.1")
    books = _Books(bench)
    books.open(alice=100, bob=0)
    result = await bench.run(_probe_workflow, "MoneyTransfer", TRANSFER, bench.scope)
    scheduled = await _scheduled(await _handle(bench))
    if books.moved() != [("withdrawal", "alice", 30), ("deposit", "bob", 30)]:
        raise NotYet(
            "a withdrawal of 30 from alice, then a deposit of 30 to bob",
            f"the bank's ledger shows {_list(books.moved())}; the history shows the activities {scheduled or 'none'}",
            "the body of `run`",
        )
    if scheduled != ["withdraw", "deposit"]:
        raise NotYet(
            "the activities withdraw and deposit in the history",
            f"{scheduled or 'none'}",
            "the body of `run`",
        )
    if not isinstance(result, str) or not result.strip():
        raise NotYet("a sentence as the result", describe(result), "the `return` of `run`")
    return f"Your workflow's result: {result}"


async def _probe_workflow(module: ModuleType, name: str, argument: Any, workflow_id: str) -> Any:
    from workshop.lab.results import result

    defined = need(module, name, type, "a class")
    # The learner's own activities: importing his workflow has imported them.
    import importlib

    own = importlib.import_module("my.transfer.activities")
    found = [_need_activity(own, one) for one in ("withdraw", "deposit")]
    async with await _worker(workflows=[defined], activities=found) as client:
        handle = await client.start_workflow(name, argument, id=workflow_id, task_queue=_queue())
        return await result(handle, timeout=25)


# --- 2.3 ---------------------------------------------------------------------------------------------


@exercise(
    "2.3",
    file=WORKER,
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
    _need_done(bench, ACTIVITIES, "2.1")
    _need_done(bench, WORKFLOW, "2.2")
    books = _Books(bench)
    books.open(alice=100, bob=0)
    process = await bench.process(WORKER)
    handle = await _start(bench, "MoneyTransfer", TRANSFER)
    await _result(handle, process, "the arguments of Worker(...)")
    if not process.running:
        raise NotYet(
            "a worker that goes on waiting for work", "its process has ended", "`await worker.run()`"
        )
    books.must_show([("withdrawal", "alice", 30), ("deposit", "bob", 30)])
    return ""


# --- 2.4 ---------------------------------------------------------------------------------------------


@exercise(
    "2.4",
    file="my/transfer/starter.py",
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
    for file, number in ((ACTIVITIES, "2.1"), (WORKFLOW, "2.2"), (WORKER, "2.3")):
        _need_done(bench, file, number)
    books = _Books(bench)
    books.open(alice=100, bob=0)
    await bench.process(WORKER)
    printed = ""
    for amount in (30, 20):
        program = await bench.process("my/transfer/starter.py", str(amount))
        code = await program.wait(timeout=40)
        printed = program.output().strip()
        if code != 0:
            raise NotYet(
                f"`python starter.py {amount}` to run to its end",
                f"it ended with code {code}: {printed[-400:]}",
                "`main`",
            )
        if not printed:
            raise NotYet("the result to be printed", "no output", "`main`: `print(...)`")
    results = [await handle.result() for handle in await _workflows(bench, 2)]
    if not any(str(one) in printed for one in results):
        wanted = (
            f"the workflow's result to be printed, such as {results[0]!r}"
            if results
            else "a started workflow"
        )
        raise NotYet(wanted, f"printed: {printed!r}", "`main`: what it waits for, and what it prints")
    books.must_show(
        [
            ("withdrawal", "alice", 30),
            ("deposit", "bob", 30),
            ("withdrawal", "alice", 20),
            ("deposit", "bob", 20),
        ]
    )
    return f"It printed: {printed}"


# --- 2.5 ---------------------------------------------------------------------------------------------


@exercise(
    "2.5",
    file="my/transfer/prediction.py",
    proves="A worker was killed in mid-transfer, and another finished it: nothing done twice, nothing missing.",
    hints=(
        "Which of the two activities was complete when the worker died, and which had only begun?",
        "A completed activity never runs again; one in flight is started again after its timeout: "
        "https://docs.temporal.io/encyclopedia/detecting-activity-failures",
        "withdrawals = 1\ndeposit_attempts = ...  (the one that died, and the one that completed)\nmissing = ...",
    ),
    timeout=90,
    note="kills a real worker and waits until another has taken over: half a minute at most",
)
async def prediction(bench: Bench) -> str:
    """Kill the worker while the deposit is held, start another, compare ledger and history with the prediction."""
    predicted = await bench.run(_probe_numbers, ["withdrawals", "deposit_attempts", "missing"])
    for file, number in ((ACTIVITIES, "2.1"), (WORKFLOW, "2.2"), (WORKER, "2.3")):
        _need_done(bench, file, number)
    books = _Books(bench)
    books.open(alice=100, bob=0)
    with bench.fault("bank", "delay", after=1, delay=60) as held:
        first = await bench.process(WORKER)
        handle = await _start(bench, "MoneyTransfer", TRANSFER)
        await held.hit(timeout=20)
        first.kill()
    await _result(handle, await bench.process(WORKER), "the four files of this lesson")
    seen = {
        "withdrawals": sum(kind == "withdrawal" for kind, _, _ in books.moved()),
        "deposit_attempts": await _attempts(handle, "deposit"),
        "missing": books.missing(),
    }
    for name, right in seen.items():
        if predicted[name] != right:
            more = "more" if predicted[name] < right else "less"
            raise NotYet(f"{name} as it really came out", f"{predicted[name]}; it is {more}", f"`{name}`")
    return f"It came out as: {', '.join(f'{name} = {value}' for name, value in seen.items())}"


def _probe_numbers(module: ModuleType, names: list[str]) -> dict[str, int]:
    found = {}
    for name in names:
        value = need(module, name, int, "a whole number")
        if isinstance(value, bool):
            raise NotYet(f"`{name}`, a whole number", f"{value}", place_of(module))
        found[name] = value
    return found


# --- 2.6 ---------------------------------------------------------------------------------------------


@exercise(
    "2.6",
    file="my/transfer/retries.py",
    proves="Under your policy a closed bank was asked five times, and one that refused was asked once.",
    hints=(
        "Each of the three bullets is one or two arguments of RetryPolicy. Which?",
        "`initial_interval`, `backoff_coefficient`, `maximum_interval`, `maximum_attempts`, "
        "`non_retryable_error_types`: https://docs.temporal.io/encyclopedia/retry-policies",
        "RETRIES = RetryPolicy(\n    initial_interval=timedelta(seconds=0.2),\n    ...\n"
        '    non_retryable_error_types=["BankRefused"],\n)',
    ),
    timeout=60,
)
async def retries(bench: Bench) -> str:
    """The waits are as asked, and two activities that always fail are tried as often as they should be."""
    policy = await bench.run(_probe_policy)
    for name, right, what in (
        ("initial_interval", 0.2, "a first wait of 0.2 seconds"),
        ("backoff_coefficient", 2, "each wait twice the one before"),
        ("maximum_interval", 1, "no wait longer than 1 second"),
    ):
        if policy[name] is None or abs(policy[name] - right) > 1e-9:
            raise NotYet(what, f"{name} is {policy[name]}", f"the argument {name} of RetryPolicy")
    for error, right, argument in (
        ("BankUnavailable", 5, "maximum_attempts"),
        ("BankRefused", 1, "non_retryable_error_types"),
    ):
        attempts = await bench.run(_probe_attempts, error, policy, f"{bench.scope}-{error}")
        if attempts != right:
            raise NotYet(
                f"{'1 attempt' if right == 1 else f'{right} attempts'} for {error}",
                f"{attempts}",
                f"the argument {argument} of RetryPolicy",
            )
    return ""


def _probe_policy(module: ModuleType) -> dict[str, Any]:
    from temporalio.common import RetryPolicy

    policy = need(module, "RETRIES", RetryPolicy)
    longest = policy.maximum_interval
    return {
        "initial_interval": policy.initial_interval.total_seconds(),
        "backoff_coefficient": policy.backoff_coefficient,
        "maximum_interval": None if longest is None else longest.total_seconds(),
        "maximum_attempts": policy.maximum_attempts,
        "non_retryable_error_types": list(policy.non_retryable_error_types or []),
    }


async def _probe_attempts(module: ModuleType, error: str, policy: dict[str, Any], workflow_id: str) -> int:
    from temporalio.client import WorkflowFailureError

    from .lesson2_workflows import Retried, fail

    async with await _worker(workflows=[Retried], activities=[fail]) as client:
        handle = await client.start_workflow(
            "Retried", args=[error, policy], id=workflow_id, task_queue=_queue()
        )
        with contextlib.suppress(TimeoutError, WorkflowFailureError):
            async with asyncio.timeout(12):
                await handle.result()
        attempts = await _attempts(handle, "fail")
        if not attempts:
            # Between two attempts there is no event yet; the server tells how many there were.
            pending = (await handle.describe()).raw_description.pending_activities
            attempts = pending[0].attempt if pending else 0
        return attempts


# --- 2.7 ---------------------------------------------------------------------------------------------


@exercise(
    "2.7",
    file="my/transfer/safe_activities.py",
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
    """Two transfers; in the first, the answer of the withdrawal is lost, in the second, that of the deposit."""
    for lost, after in (("withdrawal", 0), ("deposit", 1)):
        books = _Books(bench)
        books.open(alice=100, bob=0)
        with bench.fault("bank", "cut", calls=1, after=after):
            ended = await bench.run(_probe_moves, [f"{bench.scope}-{lost}"])
        _judge_moves(
            books, ended, f"one withdrawal and one deposit, though the answer of the {lost} was lost", 1
        )
    books = _Books(bench)
    books.open(alice=100, bob=0)
    ended = await bench.run(_probe_moves, [f"{bench.scope}-a", f"{bench.scope}-b"])
    _judge_moves(books, ended, "two transfers of the same amount to move the money twice", 2)
    return ""


def _judge_moves(books: _Books, ended: str, expected: str, times: int) -> None:
    wanted = [("withdrawal", "alice", 30), ("deposit", "bob", 30)] * times
    if books.moved() != wanted:
        problem = f"; a transfer failed: {ended}" if ended else ""
        raise NotYet(
            expected, f"the bank's ledger shows {_list(books.moved())}{problem}", "what your key is made of"
        )
    if books.keyless():
        raise NotYet("a key with each request", "requests without one", "`key=` in both activities")


async def _probe_moves(module: ModuleType, workflow_ids: list[str]) -> str:
    from temporalio.client import WorkflowFailureError

    from .lesson2_workflows import Move

    found = [_need_activity(module, name) for name in ("withdraw", "deposit")]
    async with await _worker(workflows=[Move], activities=found) as client:
        for workflow_id in workflow_ids:
            try:
                await client.execute_workflow("Move", TRANSFER, id=workflow_id, task_queue=_queue())
            except WorkflowFailureError as error:
                cause: BaseException = error
                while cause.__cause__ is not None:
                    cause = cause.__cause__
                return str(cause)
    return ""


# --- 2.8 ---------------------------------------------------------------------------------------------


@exercise(
    "2.8",
    file="my/transfer/mended_fee.py",
    proves="A run that your predecessor's bug had stopped went on with your code, and the fee was charged once.",
    hints=(
        "What did `lab.result` say: which name, in which line?",
        "The history of the old runs must fit the new code: same class name, same activities in the same order: "
        f"{_DOCS}/versioning",
        'Copy the class Fee; the last line is `return f"charged {account}"`.',
    ),
    timeout=60,
)
async def mended_fee(bench: Bench) -> str:
    """A run is begun by the broken workflow until its task fails, then given to the learner's."""
    books = _Books(bench)
    books.open(alice=100)
    result = await bench.run(_probe_mended, bench.scope)
    if not isinstance(result, str) or not result:
        raise NotYet("a sentence as the result", describe(result), "the `return` of `run`")
    if books.moved() != [("withdrawal", "alice", 1)]:
        raise NotYet(
            "the fee to be charged once", f"the ledger shows {_list(books.moved())}", "the body of `run`"
        )
    return f"The result: {result}"


async def _probe_mended(module: ModuleType, workflow_id: str) -> Any:
    from temporalio.api.enums.v1 import EventType

    from workshop.lab.results import result

    from .lesson2_workflows import BrokenFee, withdraw

    mended = need(module, "Fee", type, "a class")
    async with await _worker(workflows=[BrokenFee], activities=[withdraw]) as client:
        # A failed task is offered again when its timeout is over; ten seconds, unless told otherwise.
        soon = timedelta(seconds=1)
        handle = await client.start_workflow(
            "Fee", "alice", id=workflow_id, task_queue=_queue(), task_timeout=soon
        )
        async for event in handle.fetch_history_events(wait_new_event=True):
            if event.event_type == EventType.EVENT_TYPE_WORKFLOW_TASK_FAILED:
                break
    async with await _worker(workflows=[mended], activities=[withdraw]):
        return await result(handle, timeout=25)


# --- 2.9 ---------------------------------------------------------------------------------------------


@exercise(
    "2.9",
    file="my/transfer/approval.py",
    proves="The amount was changed from outside, wrong amounts left no trace, and the approval released the money.",
    hints=(
        "Which of the three methods must not change anything?",
        f"`@workflow.signal`, `@workflow.update`, and `@change_amount.validator` below it: {_DOCS}/message-passing",
        "@workflow.signal\ndef approve(self) -> None: ...\n\n"
        "@workflow.update\ndef change_amount(self, amount: int) -> int: ...\n\n"
        "@change_amount.validator\ndef validate_amount(self, amount: int) -> None:\n"
        "    if not 1 <= amount <= 100:\n        raise ValueError(...)",
    ),
    timeout=60,
)
async def approval(bench: Bench) -> str:
    """Change the amount, try wrong ones, approve; the right amount moves and the history holds one update."""
    books = _Books(bench)
    books.open(alice=100, bob=0)
    seen = await bench.run(_probe_approval, bench.scope)
    if seen["changed"] != 100:
        raise NotYet(
            "change_amount(100) to answer 100", f"{seen['changed']}", "`change_amount`: what it returns"
        )
    for amount, refused in seen["refused"].items():
        if not refused:
            raise NotYet(f"change_amount({amount}) to be refused", "it was accepted", "the validator")
    if seen["early"]:
        raise NotYet(
            "no money to move before the approval", "it had moved", "`run`, and what sets `self.approved`"
        )
    if seen["accepted"] != 1:
        raise NotYet(
            "a refused update to leave no trace",
            f"the history holds {seen['accepted']} accepted updates: yours were accepted first, and failed then",
            "`@change_amount.validator` above a method of its own",
        )
    if seen["status"] != "waiting: 100":
        raise NotYet(
            "the status 'waiting: 100' after the refused changes", f"{seen['status']!r}", "the validator"
        )
    books.must_show([("withdrawal", "alice", 100), ("deposit", "bob", 100)])
    return f"The result: {seen['result']}"


async def _probe_approval(module: ModuleType, workflow_id: str) -> dict[str, Any]:
    from temporalio.api.enums.v1 import EventType
    from temporalio.client import WorkflowUpdateFailedError

    from workshop.lab.results import result

    from .lesson2_workflows import deposit, withdraw

    defined = need(module, "ApprovedTransfer", type, "a class")
    definition = getattr(defined, "__temporal_workflow_definition", None)
    for kind, name in (("signals", "approve"), ("updates", "change_amount")):
        if definition is None or name not in getattr(definition, kind):
            raise NotYet(f"the {kind[:-1]} `{name}`", "the workflow has none of that name", place_of(module))
    async with await _worker(workflows=[defined], activities=[withdraw, deposit]) as client:
        handle = await client.start_workflow(
            "ApprovedTransfer", TRANSFER, id=workflow_id, task_queue=_queue()
        )
        changed = await handle.execute_update("change_amount", 100)
        refused = {}
        for amount in (0, -5, 101):
            try:
                await handle.execute_update("change_amount", amount)
                refused[str(amount)] = False
            except WorkflowUpdateFailedError:
                refused[str(amount)] = True
        status = await handle.query("status")
        early = bool(await _scheduled(handle))
        await handle.signal("approve")
        final = await result(handle, timeout=12)
        accepted = [
            event
            async for event in handle.fetch_history_events()
            if event.event_type == EventType.EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_ACCEPTED
        ]
    return {
        "changed": changed,
        "refused": refused,
        "status": status,
        "early": early,
        "result": final,
        "accepted": len(accepted),
    }


# --- 2.10 --------------------------------------------------------------------------------------------


@exercise(
    "2.10",
    file="my/transfer/hold.py",
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
    """Cancel during the wait: the money is back at alice, and the run has ended as cancelled."""
    books = _Books(bench)
    books.open(alice=100, bob=0)
    seen = await bench.run(_probe_hold, bench.scope)
    books.must_show([("withdrawal", "alice", 30), ("deposit", "alice", 30)])
    if seen["status"] != "CANCELED":
        raise NotYet(
            "a run that ends as cancelled",
            f"it ended as {seen['status'].lower()}",
            "`raise` after the refund",
        )
    return ""


async def _probe_hold(module: ModuleType, workflow_id: str) -> dict[str, str]:
    from temporalio.api.enums.v1 import EventType
    from temporalio.client import WorkflowFailureError

    from .lesson2_workflows import deposit, withdraw

    defined = need(module, "HeldTransfer", type, "a class")
    async with await _worker(workflows=[defined], activities=[withdraw, deposit]) as client:
        handle = await client.start_workflow("HeldTransfer", TRANSFER, id=workflow_id, task_queue=_queue())
        async with asyncio.timeout(20):
            async for event in handle.fetch_history_events(wait_new_event=True):
                if event.event_type == EventType.EVENT_TYPE_TIMER_STARTED:
                    break
            else:
                raise NotYet("the workflow to wait an hour", "it ended without waiting", "`workflow.sleep`")
            await handle.cancel()
            with contextlib.suppress(WorkflowFailureError):
                await handle.result()
        description = await handle.describe()
    return {"status": description.status.name if description.status else "unknown"}


# --- shared by the checks above ----------------------------------------------------------------------


class _Books:
    """The bank as one check sees it, from outside the learner's code."""

    def __init__(self, bench: Bench) -> None:
        self._url = f"{bench.settings.scope_url(bench.scope)}/bank"

    def open(self, **accounts: int) -> None:
        """Forget everything, then open accounts with a balance each."""
        httpx2.delete(f"{self._url}/accounts", trust_env=False).raise_for_status()
        for name, balance in accounts.items():
            reply = httpx2.put(f"{self._url}/accounts/{name}", json={"balance": balance}, trust_env=False)
            reply.raise_for_status()

    def moved(self) -> list[tuple[str, str, int]]:
        """Withdrawals and deposits in order: kind, account, amount."""
        return [
            (one["kind"], one["account"], one["amount"]) for one in self._entries() if one["kind"] != "opened"
        ]

    def keyless(self) -> bool:
        """Whether any of them came without an idempotency key."""
        return any(not one["key"] for one in self._entries() if one["kind"] != "opened")

    def missing(self) -> int:
        """How much money was lost; below 0 if there is too much."""
        ledger = self._ledger()
        return int(ledger["opened"] - ledger["held"])

    def must_show(self, wanted: list[tuple[str, str, int]]) -> None:
        """Compare with what should have moved.

        Raises:
            NotYet: something else has.
        """
        if self.moved() != wanted:
            raise NotYet(
                f"the ledger to show {_list(wanted)}",
                f"it shows {_list(self.moved())}",
                "what moves the money",
            )

    def _entries(self) -> list[dict[str, Any]]:
        entries: list[dict[str, Any]] = self._ledger()["entries"]
        return entries

    def _ledger(self) -> dict[str, Any]:
        reply = httpx2.get(f"{self._url}/ledger", trust_env=False).raise_for_status()
        ledger: dict[str, Any] = reply.json()
        return ledger


def _list(moved: list[tuple[str, str, int]]) -> str:
    return ", ".join(f"{kind} {amount} {account}" for kind, account, amount in moved) or "nothing"


def _need_done(bench: Bench, file: str, exercise_id: str) -> None:
    path = bench.path(file)
    if not path.is_file() or placeholder_line(path):
        raise NotYetAttempted(f"exercise {exercise_id} comes first: {file} is still open")


def _queue() -> str:
    return "transfers-" + os.environ["WORKSHOP_SCOPE"]


class _worker:
    """In the child: a client, and a worker on this check's queue for as long as the block lasts."""

    def __init__(self, **what: Any) -> None:
        self._what = what

    def __await__(self) -> Any:
        return self._connect().__await__()

    async def _connect(self) -> _worker:
        from temporalio.client import Client
        from temporalio.worker import Worker

        self._client = await Client.connect(os.environ["TEMPORAL_ADDRESS"])
        self._worker = Worker(self._client, task_queue=_queue(), **self._what)
        return self

    async def __aenter__(self) -> Client:
        await self._worker.__aenter__()
        return self._client

    async def __aexit__(self, *error: Any) -> None:
        await self._worker.__aexit__(*error)


async def _client(bench: Bench) -> Client:
    from temporalio.client import Client

    return await Client.connect(bench.settings.temporal_address)


async def _start(bench: Bench, name: str, argument: Any) -> WorkflowHandle[Any, Any]:
    client = await _client(bench)
    return await client.start_workflow(name, argument, id=bench.scope, task_queue=f"transfers-{bench.scope}")


async def _handle(bench: Bench) -> WorkflowHandle[Any, Any]:
    return (await _client(bench)).get_workflow_handle(bench.scope)


async def _result(handle: WorkflowHandle[Any, Any], process: Process, look: str) -> Any:
    """The workflow's result; as NotYet, what stands in its way."""
    from workshop.lab.errors import LabError
    from workshop.lab.results import result

    try:
        return await result(handle, timeout=40)
    except LabError as error:
        if process.running:
            raise NotYet("the transfer to complete", str(error), look) from None
        printed = process.output().strip()[-500:] or "no output"
        raise NotYet("a worker that waits for work", f"its process ended: {printed}", look) from None


async def _scheduled(handle: WorkflowHandle[Any, Any]) -> list[str]:
    """The activities that a run has asked for, in order."""
    return [
        event.activity_task_scheduled_event_attributes.activity_type.name
        async for event in handle.fetch_history_events()
        if event.HasField("activity_task_scheduled_event_attributes")
    ]


async def _attempts(handle: WorkflowHandle[Any, Any], activity: str) -> int:
    """How many attempts the (last) activity of that name took; 0 if it has not ended."""
    named: dict[int, str] = {}
    attempts = 0
    async for event in handle.fetch_history_events():
        if event.HasField("activity_task_scheduled_event_attributes"):
            named[event.event_id] = event.activity_task_scheduled_event_attributes.activity_type.name
        elif event.HasField("activity_task_started_event_attributes"):
            started = event.activity_task_started_event_attributes
            if named.get(started.scheduled_event_id) == activity:
                attempts = started.attempt
    return attempts


async def _workflows(bench: Bench, number: int) -> list[WorkflowHandle[Any, Any]]:
    """The runs on this check's queue; the server lists a run a moment after it has started."""
    client = await _client(bench)
    found: list[WorkflowHandle[Any, Any]] = []
    for _ in range(50):
        query = f"TaskQueue = 'transfers-{bench.scope}'"
        found = [
            client.get_workflow_handle(run.id, run_id=run.run_id)
            async for run in client.list_workflows(query)
        ]
        if len(found) >= number:
            break
        await asyncio.sleep(0.1)
    return found
