"""The worker of the proof: the solution's transfer, which can be stopped exactly between two events.

``python worker.py MODULE [LIMITS]``. ``MODULE`` is where the activities come from: ``safe_activities`` or
``activities``. ``LIMITS`` is JSON. It says how many tasks this worker may take in its life, and at which it must
halt; without it, this is a worker like any other. Limits act where the SDK lets one act: a worker reserves a
slot before it asks the server for a task, so that a task without a slot stays where it is, on the server.
"""

from __future__ import annotations

import asyncio
import importlib
import json
import sys
import threading
from datetime import timedelta

from my.transfer.shared import TASK_QUEUE
from my.transfer.workflow import MoneyTransfer
from temporalio.client import Client
from temporalio.envconfig import ClientConfig
from temporalio.worker import (
    CustomSlotSupplier,
    FixedSizeSlotSupplier,
    SlotMarkUsedContext,
    SlotPermit,
    SlotReleaseContext,
    SlotReserveContext,
    Worker,
    WorkerTuner,
)

# A task goes first to the worker that has the run in memory. When that one is dead, this is lost time.
STICKY = timedelta(seconds=1)


class Slots(CustomSlotSupplier):
    """Hands out so many slots and no more; halts the worker when the ``halt_at``-th task has come."""

    def __init__(self, common: int | None, own: int | None = None, halt_at: int | None = None) -> None:
        # A run's first workflow task comes from the common queue, the others from the worker's own ("sticky").
        self._left = {False: common, True: own}
        self._halt_at = halt_at
        self._used = 0

    async def reserve_slot(self, ctx: SlotReserveContext) -> SlotPermit:
        while (permit := self.try_reserve_slot(ctx)) is None:
            await asyncio.Event().wait()  # none is ever going to be free; the wait ends with the process
        return permit

    def try_reserve_slot(self, ctx: SlotReserveContext) -> SlotPermit | None:
        left = self._left[ctx.is_sticky]
        if left is not None:
            if left == 0:
                return None
            self._left[ctx.is_sticky] = left - 1
        return SlotPermit()

    def mark_slot_used(self, ctx: SlotMarkUsedContext) -> None:
        self._used += 1
        if self._used == self._halt_at:
            # The server has written that the task has started; no line of the workflow runs for it.
            threading.Event().wait()

    def release_slot(self, ctx: SlotReleaseContext) -> None:
        """Free nothing: a slot is good for one task, not for one at a time."""


def tuner(
    workflow_tasks: int | None = None, activities: int | None = None, halt_at: int | None = None
) -> WorkerTuner:
    """The limits as the SDK takes them; the numbers are tasks, None is no limit."""
    common = None if workflow_tasks is None else min(1, workflow_tasks)
    own = None if workflow_tasks is None else max(0, workflow_tasks - 1)
    return WorkerTuner.create_composite(
        workflow_supplier=Slots(common, own, halt_at),
        activity_supplier=Slots(activities),
        local_activity_supplier=FixedSizeSlotSupplier(1),
        nexus_supplier=FixedSizeSlotSupplier(1),
    )


async def main() -> None:
    activities = importlib.import_module(f"my.transfer.{sys.argv[1]}")
    limits: dict[str, int] = json.loads(sys.argv[2]) if len(sys.argv) > 2 else {}
    worker = Worker(
        await Client.connect(**ClientConfig.load_client_connect_config()),
        task_queue=TASK_QUEUE,
        workflows=[MoneyTransfer],
        activities=[activities.withdraw, activities.deposit],
        sticky_queue_schedule_to_start_timeout=STICKY,
        tuner=tuner(**limits) if limits else None,
    )
    async with worker:
        print("ready", flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main())
