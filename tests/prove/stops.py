"""What stops a worker exactly between two events; used in the processes of the workers.

Limits say how many tasks a worker may take in its life, and at which workflow task it must halt. They act where
the SDK lets one act: a worker reserves a slot before it asks the server for a task, so that a task without a slot
stays where it is, on the server.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, ParamSpec, TypeVar

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

P = ParamSpec("P")
T = TypeVar("T")


class OneTaskSlots(CustomSlotSupplier):
    """Hands out slots each of which is good for one task, not for one at a time."""

    def mark_slot_used(self, ctx: SlotMarkUsedContext) -> None:
        """Do nothing: a slot is taken when it is reserved."""

    def release_slot(self, ctx: SlotReleaseContext) -> None:
        """Free nothing: it has had its task."""


class Slots(OneTaskSlots):
    """Hands out so many slots and no more."""

    def __init__(self, common: int | None, own: int | None = None) -> None:
        # A run's first workflow task comes from the common queue, the others from the worker's own ("sticky").
        self._left = {False: common, True: own}

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


class Halting(ThreadPoolExecutor):
    """Runs workflow tasks; the ``halt_at``-th never: it has started, says the server, but no line runs for it."""

    def __init__(self, halt_at: int | None = None) -> None:
        super().__init__(max_workers=4)
        self._left = halt_at

    def halt_at_next(self) -> None:
        """Halt at the next workflow task."""
        self._left = 1

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        if self._left is not None:
            self._left -= 1
        return Future() if self._left == 0 else super().submit(fn, *args, **kwargs)


def tuner(workflow_tasks: CustomSlotSupplier, activities: CustomSlotSupplier) -> WorkerTuner:
    """A ``Worker``'s tuner, from what hands out its slots."""
    return WorkerTuner.create_composite(
        workflow_supplier=workflow_tasks,
        activity_supplier=activities,
        local_activity_supplier=FixedSizeSlotSupplier(1),
        nexus_supplier=FixedSizeSlotSupplier(1),
    )


def options(
    workflow_tasks: int | None = None, activities: int | None = None, halt_at: int | None = None
) -> dict[str, Any]:
    """The limits as arguments of a ``Worker``; the numbers are tasks, None is no limit."""
    common = None if workflow_tasks is None else min(1, workflow_tasks)
    own = None if workflow_tasks is None else max(0, workflow_tasks - 1)
    given = {"tuner": tuner(Slots(common, own), Slots(activities))}
    return given | ({} if halt_at is None else {"workflow_task_executor": Halting(halt_at)})


def keep(worker: Worker) -> None:
    """Have a worker that halts do so until it is killed: else the SDK would report it after two seconds."""
    if worker._workflow_worker is not None:
        worker._workflow_worker._deadlock_timeout_seconds = None
