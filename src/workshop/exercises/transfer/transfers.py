"""The checks of lesson 2, "Your first workflow".

Where an exercise is about workflow code, the probe runs a worker in the child process, on a task queue that only
this check uses; where it is about a process, the check starts the learner's own file. Both talk to the real server
and the practice bank, and are judged by the event history and the ledger.
"""

from __future__ import annotations

import asyncio
import contextlib
import importlib
import inspect
import time
from collections.abc import Awaitable
from datetime import UTC, datetime, timedelta
from types import ModuleType
from typing import TYPE_CHECKING, Any

from .bench import Bench, NotYet, describe, need, place_of
from .books import Books, moves_told
from .endings import beside, ending_of, process_ended, result_of
from .histories import activity_runs, attempts_of, scheduled_activities, start_of
from .registry import exercise
from .tracebacks import error_in
from .workflows import (
    connect,
    handle_of,
    judge_numbers,
    misfit,
    need_activity,
    need_done,
    probe_numbers,
    running_worker,
    start_run,
    started_runs,
    task_queue,
)

if TYPE_CHECKING:
    from temporalio.client import WorkflowHandle
    from temporalio.common import RetryPolicy

    from workshop.lab.processes import Process
    from workshop.tools.bank import Ledger

_DOCS = "https://docs.temporal.io/develop/python"

ACTIVITIES = "my/transfer/activities.py"
WORKFLOW = "my/transfer/workflow.py"
WORKER = "my/transfer/worker.py"
QUEUE = "transfers"
STARTER = "my/transfer/starter.py"
TRANSFER = {"source": "alice", "target": "bob", "amount": 30}
OTHER = {"source": "carol", "target": "dan", "amount": 20}


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
    books = Books(bench)
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
                f"the bank's ledger shows {moves_told(moved)}",
                f"`{name}`: `await bank.{name}(account, amount)`",
            )
    return ""


async def _probe_activity(module: ModuleType, name: str, account: str, amount: int) -> None:
    from temporalio.testing import ActivityEnvironment

    function = need_activity(module, name)
    paused = asyncio.ensure_future(_longest_pause())
    returned = await ActivityEnvironment().run(function, account, amount)
    paused.cancel()
    if inspect.iscoroutine(returned):
        raise NotYet(f"`{name}` to await what the bank does", describe(returned), place_of(module, function))
    if await paused > _PATIENCE:
        raise NotYet(
            "an activity that lets others run while it waits",
            f"`{name}` held up all others of its worker for {await paused:.0f} seconds",
            f"{place_of(module, function)}: `await asyncio.sleep(...)` lets them, `time.sleep(...)` does not",
        )


_PATIENCE = 3.0
"""Seconds without a turn of the event loop for which no machine is too slow."""


async def _longest_pause() -> float:
    """The longest time between two turns of the event loop, until it is cancelled."""
    longest, seen = 0.0, time.monotonic()
    while True:
        try:
            await asyncio.sleep(0.05)
        except asyncio.CancelledError:
            return max(longest, time.monotonic() - seen)
        longest, seen = max(longest, time.monotonic() - seen), time.monotonic()


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
    """Two transfers between different accounts: withdraw, then deposit, then a sentence."""
    need_done(bench, ACTIVITIES, "2.1")
    books = Books(bench)
    books.open(alice=100, bob=0, carol=100, dan=0)
    runs = await bench.run(_probe_workflow, [TRANSFER, OTHER], bench.scope)
    moved, before = books.moved(), 0
    for number, transfer in enumerate((TRANSFER, OTHER)):
        after = runs[number]["moved"]
        await _judge_transfer(bench, number, transfer, moved[before:after])
        before = after
        result = runs[number]["result"]
        if not isinstance(result, str) or not result.strip():
            raise NotYet("a sentence as the result", describe(result), "the `return` of `run`")
    return f"Your workflow's result: {runs[0]['result']}"


async def _judge_transfer(
    bench: Bench, number: int, transfer: dict[str, Any], moved: list[tuple[str, str, int]]
) -> None:
    """One run of the learner's workflow: what it has asked for, in which order, and what has moved."""
    source, target, amount = transfer["source"], transfer["target"], transfer["amount"]
    asked = await activity_runs(await handle_of(bench, f"{bench.scope}-{number}"))
    scheduled = [one.name for one in asked]
    if sorted(scheduled) == ["deposit", "withdraw"] and asked[0].asked_by == asked[1].asked_by:
        raise NotYet(
            "the deposit to begin when the withdrawal is complete",
            "the workflow asked for both at the same time",
            "`run`: await the first before the second is begun",
        )
    if moved != [("withdrawal", source, amount), ("deposit", target, amount)]:
        raise NotYet(
            f"a withdrawal of {amount} from {source}, then a deposit of {amount} to {target}",
            f"the bank's ledger shows {moves_told(moved)}; the history shows the activities {scheduled or 'none'}",
            "the body of `run`",
        )
    if scheduled != ["withdraw", "deposit"]:
        raise NotYet(
            "the activities withdraw and deposit in the history",
            f"{scheduled or 'none'}",
            "the body of `run`",
        )


async def _probe_workflow(
    module: ModuleType, transfers: list[dict[str, Any]], workflow_id: str
) -> list[dict[str, Any]]:
    from workshop.tools import bank

    defined = need(module, "MoneyTransfer", type, "a class")
    # The learner's own activities: importing his workflow has imported them.
    own = importlib.import_module("my.transfer.activities")
    found = [need_activity(own, one) for one in ("withdraw", "deposit")]
    runs = []
    async with running_worker(workflows=[defined], activities=found) as client:
        for number, transfer in enumerate(transfers):
            handle = await client.start_workflow(
                "MoneyTransfer", transfer, id=f"{workflow_id}-{number}", task_queue=task_queue()
            )
            result = await result_of(handle, f"{place_of(module)}: the body of `run`", what="the workflow")
            runs.append({"result": result, "moved": _moves_in(await bank.ledger())})
    return runs


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
    need_done(bench, ACTIVITIES, "2.1")
    need_done(bench, WORKFLOW, "2.2")
    books = Books(bench)
    books.open(alice=100, bob=0)
    process = await bench.process(WORKER)
    for number in (1, 2):
        handle = await start_run(
            bench, "MoneyTransfer", TRANSFER, queue=QUEUE, workflow_id=f"{bench.scope}-{number}"
        )
        await _moved(handle, process, "the arguments of Worker(...)")
        if number == 1:
            # One that was only given a moment is gone by then.
            await asyncio.sleep(1)
    if not process.running:
        raise process_ended(process, "a worker that goes on waiting for work", "`await worker.run()`")
    books.must_show([("withdrawal", "alice", 30), ("deposit", "bob", 30)] * 2)
    return ""


# --- 2.4 ---------------------------------------------------------------------------------------------


@exercise(
    "2.4",
    file=STARTER,
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
        need_done(bench, file, number)
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
    program = await bench.process(STARTER, str(amount))
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
    note="kills a real worker and waits until another has taken over: some ten seconds",
)
async def prediction(bench: Bench) -> str:
    """Kill the worker while the deposit is held, start another, compare ledger and history with the prediction."""
    predicted = await bench.run(probe_numbers, ["withdrawals", "deposit_attempts", "missing"])
    for file, number in ((ACTIVITIES, "2.1"), (WORKFLOW, "2.2"), (WORKER, "2.3")):
        need_done(bench, file, number)
    books = Books(bench)
    books.open(alice=100, bob=0)
    with bench.fault("bank", "delay", after=1, delay=60) as held:
        first = await bench.process(WORKER)
        handle = await start_run(bench, "MoneyTransfer", TRANSFER, queue=QUEUE)
        await beside(
            handle,
            held.hit(timeout=20),
            "the four files of this lesson",
            expected="the deposit to begin",
            process=first,
            timeout=20,
        )
        first.kill()
    await _forget_worker(handle)
    await _moved(handle, await bench.process(WORKER), "the four files of this lesson")
    seen = {
        "withdrawals": sum(kind == "withdrawal" for kind, _, _ in books.moved()),
        "deposit_attempts": await attempts_of(handle, "deposit"),
        "missing": books.missing(),
    }
    return judge_numbers(predicted, seen)


async def _forget_worker(handle: WorkflowHandle[Any, Any]) -> None:
    """Have the server offer a run's next step to any worker at once, instead of to the dead one for ten seconds."""
    from temporalio.api.common.v1 import WorkflowExecution
    from temporalio.api.workflowservice.v1 import ResetStickyTaskQueueRequest

    client = handle._client
    await client.workflow_service.reset_sticky_task_queue(
        ResetStickyTaskQueueRequest(
            namespace=client.namespace, execution=WorkflowExecution(workflow_id=handle.id)
        )
    )


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
    note="lets activities fail, and waits while they are tried again: some five seconds",
)
async def retries(bench: Bench) -> str:
    """The waits are as asked, and two activities that always fail are tried as often as they should be."""
    seen = await bench.run(_probe_retries, bench.scope)
    for error, right, argument in (
        ("BankUnavailable", 5, "maximum_attempts"),
        ("BankRefused", 1, "non_retryable_error_types"),
    ):
        attempts = seen[error]
        if attempts != right:
            raise NotYet(
                f"{'1 attempt' if right == 1 else f'{right} attempts'} for {error}",
                f"{attempts}" if attempts < _GIVE_IN else f"{attempts}, and no end",
                f"the argument {argument} of RetryPolicy",
            )
    return ""


_GIVE_IN = 7
"""The attempt at which the course's own activity succeeds, which no right policy reaches."""


async def _probe_retries(module: ModuleType, workflow_id: str) -> dict[str, int]:
    from temporalio.client import WorkflowFailureError
    from temporalio.common import RetryPolicy

    from .lesson2_workflows import Retried, fail

    policy = _policy(module, need(module, "RETRIES", RetryPolicy))
    seen = {}
    async with running_worker(workflows=[Retried], activities=[fail]) as client:

        async def attempts(error: str) -> int:
            handle = await client.start_workflow(
                "Retried",
                args=[error, policy, _GIVE_IN],
                id=f"{workflow_id}-{error}",
                task_queue=task_queue(),
            )
            with contextlib.suppress(TimeoutError, WorkflowFailureError):
                async with asyncio.timeout(20):
                    await handle.result()
            return await attempts_of(handle, "fail")

        errors = ("BankUnavailable", "BankRefused")
        seen = dict(zip(errors, await asyncio.gather(*map(attempts, errors)), strict=True))
    return seen


def _policy(module: ModuleType, policy: RetryPolicy) -> dict[str, Any]:
    """The policy as JSON, its waits cut to a twentieth: how long they are has been judged.

    Raises:
        NotYet: a part of it is of the wrong kind, or not what was asked for.
    """
    longest = policy.maximum_interval
    for name, value, right, what in (
        ("initial_interval", policy.initial_interval, 0.2, "a first wait of 0.2 seconds"),
        ("backoff_coefficient", policy.backoff_coefficient, 2, "each wait twice the one before"),
        ("maximum_interval", longest, 1, "no wait longer than 1 second"),
    ):
        look = f"the argument {name} of RetryPolicy"
        kind, words = (
            ((int, float), "a number") if name == "backoff_coefficient" else (timedelta, "a timedelta")
        )
        if not isinstance(value, kind) and value is not None:
            raise NotYet(f"{name}, {words}", describe(value), look)
        seconds = value.total_seconds() if isinstance(value, timedelta) else value
        if seconds is None or abs(seconds - right) > 1e-9:
            raise NotYet(what, f"{name} is {seconds}", look)
    if not isinstance(policy.maximum_attempts, int):
        raise NotYet("maximum_attempts, a whole number", describe(policy.maximum_attempts), place_of(module))
    final = policy.non_retryable_error_types or []
    if not isinstance(final, (list, tuple)) or not all(isinstance(one, str) for one in final):
        raise NotYet(
            "non_retryable_error_types, a list of the errors' names as texts",
            ", ".join(map(_described, final)) if isinstance(final, (list, tuple)) else _described(final),
            "the argument non_retryable_error_types of RetryPolicy",
        )
    return {
        "initial_interval": policy.initial_interval.total_seconds() / 20,
        "backoff_coefficient": policy.backoff_coefficient,
        "maximum_interval": longest.total_seconds() / 20 if longest else None,
        "maximum_attempts": policy.maximum_attempts,
        "non_retryable_error_types": list(final),
    }


def _described(value: object) -> str:
    return f"the class {value.__name__} itself" if isinstance(value, type) else describe(value)


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
    from workshop.tools import bank

    from .lesson2_workflows import Move

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
                seen["moved"] = _moves_in(await bank.ledger())
            if seen["failed"]:
                break
    return seen


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
    """A run is begun by the broken workflow until its task fails, then given to the learner's; and a new one."""
    for file, number in ((ACTIVITIES, "2.1"), (WORKFLOW, "2.2")):
        need_done(bench, file, number)
    books = Books(bench)
    books.open(alice=100, bob=100)
    result = await bench.run(_probe_mended, bench.scope)
    if not isinstance(result, str) or not result:
        raise NotYet("a sentence as the result", describe(result), "the `return` of `run`")
    for account, which in (("alice", "the fee of the old run"), ("bob", "the fee of a new run")):
        if books.moved(account) != [("withdrawal", account, 1)]:
            raise NotYet(
                f"{which}, 1, to be charged once",
                f"the ledger shows {moves_told(books.moved(account))}",
                "the body of `run`",
            )
    return f"The result: {result}"


async def _probe_mended(module: ModuleType, workflow_id: str) -> Any:
    from temporalio.api.enums.v1 import EventType

    from .lesson2_workflows import BrokenFee, withdraw

    mended = need(module, "Fee", type, "a class")
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
    if why := await misfit(handle, workflows=[mended]):
        raise NotYet("code that fits the old runs: first withdraw", why, f"{look}: the first step of `run`")
    async with running_worker(workflows=[mended], activities=[withdraw], client=client):
        fresh = await client.start_workflow("Fee", "bob", id=f"{workflow_id}-new", task_queue=task_queue())
        await result_of(fresh, look, what="a new run")
        return await result_of(handle, look, what="the run that the broken code began")


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
    for file, number in ((ACTIVITIES, "2.1"), (WORKFLOW, "2.2")):
        need_done(bench, file, number)
    books = Books(bench)
    books.open(alice=100, bob=0)
    seen = await bench.run(_probe_approval, bench.scope)
    if seen["changed"] != 100:
        raise NotYet(
            "change_amount(100) to answer 100", f"{seen['changed']}", "`change_amount`: what it returns"
        )
    if seen["accepted"] != 2:
        raise NotYet(
            "a refused update to leave no trace",
            f"the history holds {seen['accepted']} updates where 2 are good: the others were accepted, and failed then",
            "`@change_amount.validator` above a method of its own",
        )
    if seen["status"] != "waiting: 100":
        raise NotYet(
            "the status 'waiting: 100' after the refused changes", f"{seen['status']!r}", "the validator"
        )
    books.must_show(
        [("withdrawal", "alice", 100), ("deposit", "bob", 100)],
        "`change_amount`, and exercise 2.2, whose workflow `run` calls",
    )
    return f"The result: {seen['result']}"


async def _probe_approval(module: ModuleType, workflow_id: str) -> dict[str, Any]:
    from temporalio.api.enums.v1 import EventType
    from temporalio.client import WorkflowUpdateFailedError

    from .lesson2_workflows import deposit, withdraw

    defined = need(module, "ApprovedTransfer", type, "a class")
    _need_handlers(module, defined)
    look = place_of(module)
    async with running_worker(workflows=[defined], activities=[withdraw, deposit]) as client:
        handle = await client.start_workflow(
            "ApprovedTransfer", TRANSFER, id=workflow_id, task_queue=task_queue()
        )

        async def change(amount: int, expected: str) -> Any:
            asked = handle.execute_update("change_amount", amount)
            answer = await beside(handle, asked, look, expected=expected)
            if await scheduled_activities(handle):
                raise NotYet(
                    "no money to move before the approval",
                    "it had moved",
                    "`run`, and what sets `self.approved`",
                )
            return answer

        for amount in (1, 100):
            expected = f"change_amount({amount}) to be accepted"
            try:
                changed = await change(amount, expected)
            except WorkflowUpdateFailedError as error:
                raise NotYet(expected, f"it was refused: {error.cause}", "the validator") from None
        for amount in (0, -5, 101):
            expected = f"change_amount({amount}) to be refused"
            with contextlib.suppress(WorkflowUpdateFailedError):
                await change(amount, expected)
                raise NotYet(expected, "it was accepted", "the validator")
        asked: Awaitable[Any] = handle.query("status")
        status = await beside(handle, asked, look, expected="the query `status` to be answered")
        await handle.signal("approve")
        asked = handle.query("status")
        approved = await beside(handle, asked, look, expected="the query `status` to be answered")
        final = await result_of(
            handle,
            f"{look}: `approve`, and what `run` waits for",
            what="the approved transfer",
            timeout=12 if approved == "approved: 100" else 2,
        )
        accepted = [
            event
            async for event in handle.fetch_history_events()
            if event.event_type == EventType.EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_ACCEPTED
        ]
    return {
        "changed": changed,
        "status": status,
        "result": final,
        "accepted": len(accepted),
    }


def _need_handlers(module: ModuleType, defined: type) -> None:
    definition = getattr(defined, "__temporal_workflow_definition", None)
    for kind, name in (("signals", "approve"), ("updates", "change_amount")):
        if definition is not None and name in getattr(definition, kind):
            continue
        got = "the workflow has none of that name"
        if hasattr(defined, name):
            got = (
                f"`{name}` is none: its decorator is another, or a later method of the same name replaces it"
            )
        raise NotYet(f"the {kind[:-1]} `{name}`", got, place_of(module, getattr(defined, name, None)))


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
    """One run is cancelled during its wait; another one's hour passes in a moment."""
    for file, number in ((ACTIVITIES, "2.1"), (WORKFLOW, "2.2")):
        need_done(bench, file, number)
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
    from .lesson2_workflows import Hurried, deposit, withdraw

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


# --- shared by the checks above ----------------------------------------------------------------------


def _moves_in(ledger: Ledger) -> int:
    """In a probe: how many withdrawals and deposits there have been."""
    return sum(one.kind != "opened" for one in ledger.entries)


async def _moved(handle: WorkflowHandle[Any, Any], process: Process, look: str) -> None:
    """Wait until a transfer that the learner's worker process does is complete."""
    await result_of(handle, look, what="the transfer", process=process, timeout=40)
