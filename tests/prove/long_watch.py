"""The watch of lesson 7 in three ways that take long: 1,352 turns killed thrice, a store that is away, a torn sentence.

They run one after the other, in a folder of their own: the lesson's files name theirs from where a worker stands.
"""

from __future__ import annotations

import asyncio
import contextlib
import signal
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from temporalio.client import Client
from temporalio.contrib.workflow_streams import WorkflowStreamClient
from temporalio.service import RPCError

from workshop.lab.gateway_client import FaultSpec
from workshop.lab.processes import Process
from workshop.settings import Settings

from . import rows
from .scoped import ScopedRun
from .workplace import workplace

TURNS = 1_352
KILLED_AT = (100, 676, 1_351)
WAIT = 900.0
"""Seconds that the long run may take between two kills."""

_PLACES = 6


@dataclass
class Row(rows.Row):
    """One run and what came of it.

    Attributes:
        killed_at: At which calls of the model its worker was killed, in words.
        paid: Model calls that were completed.
        repeated: Those of them that were made again.
        seconds: From the start to the end.
    """

    killed_at: str = ""
    paid: int = 0
    repeated: int = 0
    seconds: float = 0.0


class WatchRun(ScopedRun):
    """One run of a workflow of ``my/watch``."""

    def __init__(self, settings: Settings, folder: Path, client: Client) -> None:
        super().__init__(settings, folder, {}, WAIT)
        self.folder, self.client = folder, client

    async def work(self, module: str, workflow: str, worker: str = "worker_for") -> Process:
        """Start a worker, and wait until it works."""
        process = self.begin_process("free_worker.py", f"my.watch.{worker}", module, workflow)
        await process.wait_for("ready", 120)
        return process

    async def start(self, module: str, workflow: str, argument: Any) -> None:
        queue = f"watch-{self.scope}-{module}"
        self.handle = await self.client.start_workflow(workflow, argument, id=self.scope, task_queue=queue)

    def trap(self, turn: int) -> str:
        """Hold the model's call of this turn, counted from the start; set before it. The trap's id.

        Several may be set: what one of them holds, and is made again after a kill, the others count once.
        """
        return self.gateway.add_fault(FaultSpec(route="model", kind="delay", after=turn - 1, calls=1)).id

    async def kill_in(self, trap: str, worker: Process) -> None:
        """Wait until a trap holds a call, and kill the worker that has made it."""
        await self.gateway.wait_for_hits(trap, timeout=WAIT)
        await asyncio.to_thread(worker.kill)
        self.gateway.clear_fault(trap)
        if worker.returncode != -signal.SIGKILL:
            raise RuntimeError(f"the worker ended with {worker.returncode}")

    def note(self, row: Row, paid: int) -> None:
        """Note what the calls have cost, and whether that is right."""
        model = self.gateway.meter().model
        row.paid, row.repeated = model.completed, model.repeats
        row.need(model.completed == paid, f"{model.completed} model calls were completed, not {paid}")
        row.need(model.repeats == 0, f"{model.repeats} model calls were made again")


async def prove_long(run: WatchRun, row: Row) -> None:
    """1,352 turns; each kill leaves one call more that has arrived and was never completed."""
    traps = [run.trap(turn) for turn in KILLED_AT]
    worker = await run.work("endless", "EndlessWatch")
    await run.start("endless", "EndlessWatch", {"goal": TURNS // 2})
    for trap in traps:
        await run.kill_in(trap, worker)
        worker = await run.work("endless", "EndlessWatch")
    row.killed_at = ", ".join(map(str, KILLED_AT))
    log = await run.result()
    checks = TURNS // 2
    last = sorted(int(line.split(":")[0].removeprefix("check ")) for line in log.values())
    row.need(last == list(range(checks - _PLACES + 1, checks + 1)), f"the log is {log}")
    undisturbed = await _short_log(run)
    row.need(_said(log) == _said(undisturbed), f"the log is {log}, and of an undisturbed run {undisturbed}")
    run.note(row, TURNS)


async def _short_log(run: WatchRun) -> dict[str, str]:
    """The log of a run, in a scope of its own, that nobody disturbs: each place once."""
    short = WatchRun(run.settings, run.folder, run.client)
    try:
        await short.work("endless", "EndlessWatch")
        await short.start("endless", "EndlessWatch", {"goal": _PLACES})
        return dict(await short.result())
    finally:
        await short.close()


def _said(log: Mapping[str, str]) -> dict[str, str]:
    """What was said of each place, whatever the number of the check."""
    return {place: line.partition(": ")[2] for place, line in log.items()}


async def prove_store(run: WatchRun, row: Row) -> None:
    """A worker is killed, its store is away when the next one comes, and comes back."""
    trap = run.trap(10)
    worker = await run.work("watch", "Watch", "stored_worker")
    await run.start("watch", "Watch", 6)
    await run.kill_in(trap, worker)
    row.killed_at = "10"
    _move("my/watch/payloads", "my/watch/away")
    await run.work("watch", "Watch", "stored_worker")
    failures = 0
    async with asyncio.timeout(120):
        while failures < 2:
            pending = (await run.handle.describe()).raw_description.pending_activities
            failures = max((one.attempt for one in pending), default=0) - 1
            await asyncio.sleep(0.2)
    Path("my/watch/payloads").rmdir()  # noqa: ASYNC240 - a worker has made it anew
    _move("my/watch/away", "my/watch/payloads")
    log = await run.result()
    row.need(len(log) == _PLACES, f"the log is {log}")
    run.note(row, 12)


def _move(folder: str, to: str) -> None:
    Path(folder).rename(to)


async def prove_stream(run: WatchRun, row: Row) -> None:
    """Killed in mid-sentence: offsets without a gap, the beginning twice outside, the text once inside."""
    run.gateway.add_fault(FaultSpec(route="model", kind="pace", delay=0.2))
    worker = await run.work("speaker", "Speaker", "streamed_worker")
    await run.start("speaker", "Speaker", "Write a haiku about the tide.")
    items: list[Any] = []
    stream = WorkflowStreamClient.create(run.client, run.scope)
    killed = False
    async with asyncio.timeout(120):
        while True:
            try:
                async for item in stream.subscribe(from_offset=len(items)):
                    items.append(item)
                    words = sum(one.data["type"].endswith("text.delta") for one in items)
                    if words == 4 and not killed:
                        killed = True
                        await asyncio.to_thread(worker.kill)
                        worker = await run.work("speaker", "Speaker", "streamed_worker")
                break
            except RPCError:
                pass  # its worker is dead
    row.killed_at = "1, after four words"
    text = await run.result()
    row.need([item.offset for item in items] == list(range(len(items))), "the offsets have a gap")
    begun = sum(item.data["type"] == "response.created" for item in items)
    row.need(begun == 2, f"the reply began {begun} times")
    last = max(n for n, item in enumerate(items) if item.data["type"] == "response.created")
    said = "".join(item.data.get("delta", "") for item in items[last:])
    row.need(said == text, f"the last reply is {said!r}, the run's text {text!r}")
    run.note(row, 1)


async def prove_watch(settings: Settings) -> list[Row]:
    """All three."""
    client = await Client.connect(settings.temporal_address)
    proofs = (
        ("the store is away", prove_store),
        ("a torn sentence", prove_stream),
        ("1,352 turns", prove_long),
    )
    found = []
    with workplace("watch") as folder, contextlib.chdir(folder):
        for name, prove in proofs:
            row = Row(name)
            run, began = WatchRun(settings, folder, client), time.monotonic()
            with row.noting_errors():
                try:
                    await prove(run, row)
                finally:
                    await run.close()
            row.seconds = time.monotonic() - began
            found.append(row)
    return found


__all__ = ["Row", "prove_watch"]
