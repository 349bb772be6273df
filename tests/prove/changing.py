"""The agents of lesson 8 under way: one with a tool of another process, killed in each call; one that moves to v2.

The second is killed with both its workers, of v1 and of v2, at every event from the question before its move to the
answer after it.
"""

from __future__ import annotations

import asyncio
import contextlib
import signal
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import psutil
from temporalio.api.enums.v1 import PendingActivityState
from temporalio.client import Client

from workshop.lab.gateway_client import FaultSpec
from workshop.lab.processes import Process
from workshop.lab.worker_versions import make_current
from workshop.settings import Settings

from .long_watch import Row
from .moments import Moment, moment
from .scoped import ScopedRun
from .workplace import workplace

WAIT = 180.0
AT_ONCE = 3
TRIES = 4
"""How often a kill is tried: the server tells a run late that another version is current, so that it may move later."""

_TOO_SLOW = f"{TRIES} times the machine was too slow to let it run undisturbed"
_STARTED = PendingActivityState.PENDING_ACTIVITY_STATE_STARTED
_QUESTION = "Are there any weather alerts in California?"
_CALLS = {
    "no call": None,
    "list-tools": None,
    "the first model call": FaultSpec(route="model", kind="delay", calls=1),
    "call-tool": FaultSpec(route="weather", kind="delay", calls=1),
    "the second model call": FaultSpec(route="model", kind="delay", after=1, calls=1),
}
"""In which call the worker is killed, and what holds that call; the start of a server takes long enough by itself."""


class ChangingRun(ScopedRun):
    """One run of lesson 8's, or of the agent that moves."""

    def __init__(self, settings: Settings, folder: Path, client: Client) -> None:
        super().__init__(settings, folder, {}, WAIT)
        self._client = client
        self.asked = 0

    async def work(self, script: str, argument: str, version: str = "") -> Process:
        """Start a worker, of a version if one is given, and wait until it works."""
        process = self.begin_process(script, argument, env={"BUILD_ID": version})
        await process.wait_for("ready", WAIT)
        return process

    async def until(self, there: Callable[[Moment], bool]) -> Moment:
        """Look at the run until something is there."""
        async with asyncio.timeout(WAIT):
            while not there(now := await moment(self.handle)):  # noqa: ASYNC110 - the server tells no other way
                await asyncio.sleep(0.03)
        return now

    async def ask(self) -> None:
        """Ask the moving agent, and wait until it has answered and waits again."""
        self.asked += 1
        await self._client.get_workflow_handle(self.scope).signal("ask", f"Haiku {self.asked}, please.")
        done = 2 * self.asked
        await self.until(
            lambda now: (
                now.names.count("ActivityTaskCompleted") == done and now.names[-1] == "WorkflowTaskCompleted"
            )
        )

    async def moved(self) -> bool:
        """Whether the moving agent has begun anew."""
        return (await self.handle.describe()).run_id != self.handle.first_execution_run_id


async def _kill(*workers: Process) -> None:
    for worker in workers:
        await asyncio.to_thread(worker.kill)
        if worker.returncode != -signal.SIGKILL:
            raise RuntimeError(f"a worker ended with {worker.returncode}")


async def prove_tool(run: ChangingRun, row: Row, call: str, answer: str | None) -> str:
    """Ask the agent whose tool is another process, and kill its worker in a call."""
    spec = _CALLS[call]
    fault = run.gateway.add_fault(spec).id if spec else None
    worker = await run.work("free_worker.py", "my.change.elsewhere_worker")
    run.handle = await run._client.start_workflow(
        "Elsewhere", _QUESTION, id=run.scope, task_queue=f"change-elsewhere-{run.scope}"
    )
    if call != "no call":
        if fault:
            await run.gateway.wait_for_hits(fault, timeout=WAIT)
        else:
            await run.until(lambda now: any(call in one for one in now.held))
        servers = psutil.Process(worker.pid).children(recursive=True)
        await _kill(worker)
        _, left = await asyncio.to_thread(psutil.wait_procs, servers, 20)
        row.need(not left, f"{len(left)} servers outlive their worker")
        await run.work("free_worker.py", "my.change.elsewhere_worker")
    told = str(await run.result())
    row.need(answer in (None, told), f"the answer is {told!r}, not {answer!r}")
    meter, end = run.gateway.meter(), await moment(run.handle)
    row.paid, row.repeated = meter.model.completed, meter.model.repeats
    # The call in which the worker died was held, and so not paid.
    given_up = _given_up(end) - ("model" in call)
    row.need(row.paid - row.repeated == 2, f"{row.paid} model calls were paid, {row.repeated} again")
    row.need(row.repeated <= given_up, f"{row.repeated} calls were paid again, and {given_up} given up")
    # A second attempt at the tool, and so a second request, only where the first was lost, or timed out.
    asked = meter.services["weather"]
    attempts = end.attempts[end.scheduled.index("temporalio.mcp.alerts.call-tool")]
    row.need(1 <= asked <= attempts, f"the tool asked {asked} times, in {attempts} attempts")
    row.need(call != "call-tool" or attempts > 1, "the call in which the worker died was not made again")
    return told


def _given_up(end: Moment) -> int:
    """How many model calls Temporal gave up, as it heard nothing of them: only these may be made again.

    They were under way when a worker was killed, or the machine was too slow for a worker that lived.
    """
    return sum(end.scheduled[number] == "invoke_model_activity" for number in end.timed_out)


async def prove_move(run: ChangingRun, row: Row, after: int | None) -> int:
    """Move an agent, and kill its workers so many events after the question before the move.

    Returns:
        How many events there were from that question to the end; 0 if it did not move then.
    """
    workers = [await run.work("moving_agent.py", run.scope, "v1")]
    await make_current(run._client, run.scope, "v1", WAIT)
    run.handle = await run._client.start_workflow("MovingAgent", [], id=run.scope, task_queue=run.scope)
    await run.ask()
    workers.append(await run.work("moving_agent.py", run.scope, "v2"))
    await make_current(run._client, run.scope, "v2", WAIT)
    before = (await moment(run.handle)).length
    driving = asyncio.ensure_future(_drive(run))
    death: Moment | None = None
    try:
        if after is not None:
            await run.until(lambda now: now.length >= before + after)
            await _kill(*workers)
            death = await moment(run.handle)
            for version in ("v1", "v2"):
                await run.work("moving_agent.py", run.scope, version)
        late = await driving
    finally:
        driving.cancel()
    log = await run.result()
    _judge_log(row, log, run.asked)
    model, end = run.gateway.meter().model, await moment(run.handle)
    row.paid, row.repeated = model.completed, model.repeats
    row.need(row.paid - row.repeated == run.asked, f"{row.paid} model calls were paid, {row.repeated} again")
    given_up = _given_up(end)
    row.need(row.repeated <= given_up, f"{row.repeated} calls were paid again, and {given_up} given up")
    row.killed_at = f"{death.where}" if death else ""
    return 0 if late else end.length - before


async def _drive(run: ChangingRun) -> bool:
    """Ask until the agent has moved, once more after that, and end it; whether it moved later than at once."""
    questions = 0
    while not await run.moved():
        await run.ask()
        questions += 1
        if questions > 10:
            raise RuntimeError("it does not move")
    await run.ask()
    await run._client.get_workflow_handle(run.scope).signal("end")
    return questions > 1


def _judge_log(row: Row, log: list[str], asked: int) -> None:
    versions = [line.partition(":")[0] for line in log]
    row.need(len(log) == asked, f"{asked} questions, and {len(log)} answers")
    row.need(versions == sorted(versions), f"its answers are by {', '.join(versions)}")
    row.need(versions[:1] == ["v1"] and versions[-1:] == ["v2"], f"its answers are by {', '.join(versions)}")


async def prove_changing(settings: Settings, every: int = 1) -> list[Row]:
    """All of them, or the moving agent's kills only at each ``every``-th event."""
    client = await Client.connect(settings.temporal_address)
    found: list[Row] = []
    with workplace("change") as folder, contextlib.chdir(folder):
        answer: str | None = None
        for call in _CALLS:
            undisturbed = call == "no call"
            for _ in range(TRIES):
                row, slow = Row(f"a tool of another process, {call}"), False
                row.killed_at = "" if undisturbed else call
                async with _run(settings, folder, client, row) as run:
                    answer = await prove_tool(run, row, call, answer)
                    slow = undisturbed and (await moment(run.handle)).too_slow
                if not slow:
                    break
            row.need(not slow, _TOO_SLOW)
            found.append(row)
        for _ in range(TRIES):
            whole, events, slow = Row("from v1 to v2, nothing happens to it"), 0, False
            async with _run(settings, folder, client, whole) as run:
                events = await prove_move(run, whole, None)
                slow = (await moment(run.handle)).too_slow
            if not whole.ok or (events and not slow):
                break
        else:
            whole.need(not slow, _TOO_SLOW)
            whole.need(events > 0, f"in {TRIES} tries it never moved at once")
        found.append(whole)
        slots = asyncio.Semaphore(AT_ONCE)

        async def kill(after: int) -> Row:
            async with slots:
                for _ in range(TRIES):
                    row = Row(f"from v1 to v2, {after} events after the question")
                    moved = 0
                    async with _run(settings, folder, client, row) as run:
                        moved = await prove_move(run, row, after)
                    if moved or not row.ok:
                        break
                else:
                    row.need(False, f"in {TRIES} tries it never moved at once")
                return row

        found += await asyncio.gather(*[kill(after) for after in range(1, events, every)])
    return found


@contextlib.asynccontextmanager
async def _run(settings: Settings, folder: Path, client: Client, row: Row) -> AsyncIterator[ChangingRun]:
    run, began = ChangingRun(settings, folder, client), time.monotonic()
    with row.noting_errors():
        try:
            yield run
        finally:
            await run.close()
    row.seconds = time.monotonic() - began


__all__ = ["prove_changing"]
