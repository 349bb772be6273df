"""A lesson's worker that takes a task only when the proof says so: ``python gated_worker.py MODULE ARGUMENT ...``.

``MODULE`` is the lesson's worker, such as ``my.people.worker_for``, and the arguments are those of its ``main()``.
What the proof says comes over the socket ``gate`` beside this file: one word a line, see ``Gate.obey``.
"""

from __future__ import annotations

import asyncio
import importlib
import os
import sys
from pathlib import Path
from typing import Any

from temporalio.client import Client
from temporalio.worker import SlotPermit, SlotReserveContext, Worker

from tests.prove import stops

SOCKET = Path(__file__).with_name("gate")


class Gate:
    """What this process may do."""

    def __init__(self) -> None:
        self.executor = stops.Halting()
        self.permits = {word: asyncio.Semaphore(0) for word in ("common", "own", "activity")}

    async def obey(self) -> None:
        """Say who this is, then do what comes.

        ``activity``, ``common`` or ``own``: take one task of an activity, or one workflow task, of the queue that is
        common to all workers or of this worker's own ("sticky") one. ``halt``, before one of the last two: it starts,
        and then no line runs for it.
        """
        reader, writer = await asyncio.open_unix_connection(SOCKET)
        writer.write(f"{os.getpid()}\n".encode())
        while word := (await reader.readline()).decode().strip():
            if word == "halt":
                self.executor.halt_at_next()
            else:
                self.permits[word].release()


class GatedSlots(stops.OneTaskSlots):
    """Hands out a slot when the gate has a permit for it."""

    def __init__(self, gate: Gate) -> None:
        self._gate = gate

    async def reserve_slot(self, ctx: SlotReserveContext) -> SlotPermit:
        word = "activity" if ctx.slot_type == "activity" else "own" if ctx.is_sticky else "common"
        await self._gate.permits[word].acquire()
        return SlotPermit()

    def try_reserve_slot(self, ctx: SlotReserveContext) -> SlotPermit | None:
        return None  # nothing is taken on the side, along with the end of a workflow task


async def main(module: str, *arguments: str) -> None:
    gate = Gate()

    class GatedWorker(Worker):
        """Stands for ``Worker`` in the lesson's module."""

        def __init__(self, client: Client, **given: Any) -> None:
            tuner = stops.tuner(GatedSlots(gate), GatedSlots(gate))
            super().__init__(client, **given, tuner=tuner, workflow_task_executor=gate.executor)
            stops.keep(self)

    lesson: Any = importlib.import_module(module)
    lesson.Worker = GatedWorker
    await asyncio.gather(gate.obey(), lesson.main(*arguments))


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
