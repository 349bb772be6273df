"""A program that starts a transfer, and prints what came of it."""

from __future__ import annotations

import asyncio
import contextlib
import io
from datetime import UTC, datetime
from types import ModuleType
from typing import TYPE_CHECKING, Any

from workshop.checks.bench import Bench, NotYet, need_function
from workshop.checks.endings import process_ended
from workshop.checks.endurance import let_a_day_pass
from workshop.checks.histories import Start, start_of
from workshop.checks.registry import exercise
from workshop.checks.tracebacks import error_in
from workshop.checks.workflows import connect, need_done, running_worker
from workshop.errors import LabTimeout
from workshop.exercises.transfer.served import FAILING, FAILURE
from workshop.exercises.transfer.transfers import ACTIVITIES, QUEUE, TRANSFER, WORKFLOW

if TYPE_CHECKING:
    from temporalio.client import WorkflowHandle

    from workshop.lab.processes import Process

_DOCS = "https://docs.temporal.io/develop/python"


@exercise(
    proves="A program that knows nothing of the worker started transfers, waited for each, and reported the result.",
    hints=(
        "Starting and waiting is one call of the client. What does it need besides the workflow and its argument?",
        "`await client.execute_workflow(MoneyTransfer.run, ..., id=..., task_queue=TASK_QUEUE)`: "
        f"{_DOCS}/client/temporal-client",
        'result = await client.execute_workflow(\n    MoneyTransfer.run, Transfer("alice", "bob", amount), '
        'id=f"transfer-{uuid.uuid4()}", task_queue=TASK_QUEUE\n)\nprint(result)',
    ),
    timeout=60,
    not_replayed="the check does the transfers itself, in the place of the learner's workflow",
)
async def starter(bench: Bench) -> str:
    """Three runs of the program, two of the same amount and one that fails; then one that takes hours."""
    need_done(bench, ACTIVITIES, WORKFLOW)
    serving = asyncio.ensure_future(bench.run(_probe_serve, f"{QUEUE}-{bench.scope}"))
    try:
        starts = _Starts(bench, datetime.now(UTC))
        # What is wrong with each is told of the first.
        starts.programs.append((30, await bench.process(bench.exercise.file, "30")))
        await starts.watch(serving, until_begun=True)
        for amount in (30, FAILING):
            starts.programs.append((amount, await bench.process(bench.exercise.file, str(amount))))
        await starts.watch(serving)
        await starts.judge()
    finally:
        serving.cancel()
    await bench.run(_probe_patience, f"{QUEUE}-{bench.scope}")
    return ""


async def _probe_patience(module: ModuleType, queue: str) -> None:
    """A transfer that takes longer than any patience of the program's: its clock is moved by a day."""
    from workshop.exercises.transfer.served import Served, arrived, may_end, receipts, serve_later

    main = need_function(module, "main", is_async=True)
    printed = io.StringIO()
    async with running_worker(queue=queue, workflows=[Served], activities=[serve_later]):
        with contextlib.redirect_stdout(printed):
            working = asyncio.ensure_future(main(25))
            begun = asyncio.ensure_future(arrived.wait())
            await asyncio.wait({working, begun}, timeout=15, return_when=asyncio.FIRST_COMPLETED)
            await let_a_day_pass()
            # Long enough for another transfer to be started, if there is to be one.
            await asyncio.wait({working}, timeout=0.5)
            early = working.done()
            may_end.set()
            await asyncio.wait({working}, timeout=15)
        if working.done() and not early:
            working.result()
        if early or len(receipts) != 1 or receipts[0] not in printed.getvalue():
            done = f"it printed {printed.getvalue()!r}"
            if len(receipts) > 1:
                done = "it started another transfer"
            elif early and not working.cancelled() and (error := working.exception()):
                done = f"it ended with {type(error).__name__}"
            raise NotYet(
                "`main` to wait for its transfer, however long it takes",
                f"when the transfer took hours, {done}",
                "`main`: the server never forgets a run, so you need no timeout of your own",
            )


async def _probe_serve(module: ModuleType, queue: str) -> None:
    """Do the transfers that the learner's program starts, until the check ends this process."""
    from workshop.exercises.transfer.served import Served, serve

    async with running_worker(queue=queue, workflows=[Served], activities=[serve]):
        await asyncio.Event().wait()


class _Starts:
    """The learner's program, run several times, and the transfers that it has started."""

    def __init__(self, bench: Bench, began: datetime) -> None:
        self.programs: list[tuple[int, Process]] = []
        self._bench = bench
        self._began = began
        self._runs: dict[str, tuple[Process, WorkflowHandle[Any, Any]]] = {}

    async def watch(self, serving: asyncio.Future[Any], *, until_begun: bool = False) -> None:
        """Wait until all programs have ended, and judge what they start as soon as it is seen.

        Args:
            serving: What serves the transfers.
            until_begun: Wait only until a transfer has been started.

        Raises:
            NotYet: a transfer that nobody may ever take, so that its program would wait for ever.
        """
        ended: set[asyncio.Future[Any]] = {
            asyncio.ensure_future(program.wait(timeout=30)) for _, program in self.programs
        }
        try:
            while ended and not serving.done():
                done, ended = await asyncio.wait({*ended, serving}, timeout=0.4)
                ended.discard(serving)
                for one in done - {serving}:
                    one.result()
                await self._look()
                if until_begun and self._runs:
                    break
            if serving.done():
                serving.result()
        except LabTimeout:
            raise NotYet(
                "`python starter.py` to end",
                "its transfer is complete, but the program still runs",
                "`main`",
            ) from None
        finally:
            for one in ended:
                one.cancel()

    async def judge(self) -> None:
        """Judge what was started, printed and told.

        Raises:
            NotYet: one of them is not as asked for.
        """
        for amount, program in self.programs:
            if amount != FAILING and (program.returncode or error_in(program.output())[0]):
                if FAILURE in program.output():
                    raise _same_id(_JOINED)
                if "WorkflowAlreadyStarted" in program.output() or "already started" in program.output():
                    raise _same_id("two runs at the same time: the second one's id is already in use")
                raise process_ended(program, f"`python starter.py {amount}` to run to its end", "`main`")
        await self._need_one_each()
        for amount, program in self.programs:
            handle = next(handle for owner, handle in self._runs.values() if owner is program)
            printed = program.output().strip()
            if amount == FAILING:
                if not program.returncode and FAILURE not in printed:
                    raise NotYet(
                        "a failed transfer to end the program with the error that says why it failed",
                        f"the program ended without an error and printed {printed!r}",
                        "`main`: do not catch the error",
                    )
                continue
            result = await handle.result()
            if str(result) not in printed:
                raise NotYet(
                    f"the workflow's result to be printed: here {result!r}",
                    f"printed: {printed!r}" if printed else "no output",
                    "`main`: what it waits for, and what it prints",
                )

    async def _need_one_each(self) -> None:
        # The server lists a run a moment after it has started.
        for _ in range(30):
            await self._look()
            if len({id(owner) for owner, _ in self._runs.values()}) == len(self.programs):
                break
            await asyncio.sleep(0.1)
        ids = [handle.id for _, handle in self._runs.values()]
        for _, program in self.programs:
            started = [handle.id for owner, handle in self._runs.values() if owner is program]
            if not started:
                printed = program.output().strip()
                raise (
                    _same_id(_JOINED)
                    if printed and ids
                    else NotYet(
                        "each run of the program to start a transfer",
                        f"none was started; printed: {printed!r}",
                        "`main`: `await client.execute_workflow(...)`",
                    )
                )
            if len(started) > 1:
                raise NotYet(
                    "each run of the program to start one transfer", f"it started {len(started)}", "`main`"
                )
        if len(set(ids)) < len(ids):
            raise _same_id(f"two runs of the program have the id {max(ids, key=ids.count)!r}")
        if bad := [one for one in ids if "<function" in one or "<bound method" in one]:
            raise _same_id(
                f"the id {bad[0]!r}: the function itself and not what it returns; call it: `uuid.uuid4()`"
            )

    async def _look(self) -> None:
        client = await connect(self._bench)
        async for run in client.list_workflows(f"StartTime >= '{self._began.isoformat()}'"):
            handle = client.get_workflow_handle(run.id, run_id=run.run_id)
            if run.run_id in self._runs:
                continue
            start = await start_of(handle)
            for amount, program in self.programs:
                if start.by.startswith(f"{program.pid}@"):
                    self._runs[run.run_id] = (program, handle)
                    _judge_start(start, f"{QUEUE}-{self._bench.scope}", amount)


_JOINED = "it has joined a transfer that another run of the program had started"


def _same_id(got: str) -> NotYet:
    return NotYet(
        "a new id for each run of the program, though the amount is the same",
        got,
        "`main`: the argument `id`",
    )


def _judge_start(start: Start, queue: str, amount: int) -> None:
    """Whether the learner's program has started what it should have, where its worker takes it."""
    if start.queue != queue:
        raise NotYet(
            f"a transfer in the worker's task queue, {queue!r}", f"it is in {start.queue!r}", "`task_queue=`"
        )
    if start.workflow != "MoneyTransfer":
        raise NotYet(
            "the workflow MoneyTransfer to be started", f"{start.workflow!r}, which no worker has", "`main`"
        )
    wanted = (TRANSFER | {"amount": amount},)
    if wanted != start.arguments:
        raise NotYet(
            f"a workflow that is given {_called(wanted)}",
            f"it is given {_called(start.arguments)}",
            "`main`: the second argument of `execute_workflow`",
        )
    if start.limit:
        raise NotYet(
            "a transfer without a time limit",
            f"after {start.limit:g} s the server ends it, even between withdrawal and deposit",
            "`main`: execution_timeout or run_timeout",
        )
    if start.attempts != 1:
        raise NotYet(
            "a transfer that is started once: if it fails, the error comes out",
            "the server starts one that has failed again, from the first line of `run`, withdrawal and all",
            "`main`: the argument retry_policy",
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
