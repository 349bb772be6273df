"""Kills while two workers take what there is, side by side.

When the history has so many events, all workers are stopped (SIGSTOP), and what it holds then is read: nothing can go
on meanwhile, so that this is the boundary, whatever event it is. Then the one that has the run in memory is killed.
"""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import Sequence

from workshop.lab.gateway_client import FaultSpec
from workshop.lab.processes import Process
from workshop.runs.events import attributes, event_name

from .boundaries import Boundary
from .moments import Moment
from .stories import WAIT, Run, Stop, Story, Whole, is_of
from .two_workers import Killed

SLOW = 0.1  # seconds that each call takes, so that both workers have calls of their own under way


class InFullSwing:
    """The way of this module."""

    name = "in full swing"
    gated = False

    async def undisturbed(self, run: Run, story: Story) -> tuple[Sequence[bool], Sequence[Boundary]]:
        run.gateway.add_fault(FaultSpec(route="any", kind="delay", delay=SLOW))
        await run.start(story.question)
        return await run.answer_twice(story.person) if story.person else [], []

    def places(self, whole: Whole) -> Sequence[str]:
        return [f"in full swing from event {n}" for n in range(1, len(whole.end.events))]

    async def kill_both(self, run: Run, story: Story, whole: Whole, place: int) -> Killed:
        run.gateway.add_fault(FaultSpec(route="any", kind="delay", delay=SLOW))
        events = place + 1
        person = None
        await run.start(story.question)
        if story.person:
            person = asyncio.create_task(run.answer_twice(story.person))
        try:
            stops = [await kill_one(run, events)]
            died = time.monotonic()
            if stops[0] is not None:
                third = run.begin_worker()
                later = len(stops[0].moment.events) + max(1, (len(whole.end.events) - events) // 2)
                stops.append(await kill_one(run, later, spared=[third]))
            await run.result()
            answers = await asyncio.wait_for(person, WAIT) if person else []
        finally:
            if person:
                person.cancel()
        return Killed([stop for stop in stops if stop is not None], answers, died)


async def kill_one(run: Run, events: int, spared: Sequence[Process] = ()) -> Stop | None:
    """Stop all workers when there are so many events, read what there is, and kill one; None if the run is over.

    Args:
        run: The run.
        events: How many events at least.
        spared: Who must live on. Of the others, it hits the one that has the run in memory.
    """
    async for event in run.handle.fetch_history_events(wait_new_event=True):
        if event.event_id >= events:
            break
    living = [worker for worker in run.workers if worker.running]
    for worker in living:
        os.kill(worker.pid, signal.SIGSTOP)
    seen = await _settled(run)
    if event_name(seen.events[-1]) == "WorkflowExecutionCompleted":
        _go_on(living)
        return None
    identities = [
        attributes(event).identity for event in seen.events if event_name(event) == "WorkflowTaskStarted"
    ]
    mortal = [worker for worker in living if worker not in spared]
    victim = next((one for one in mortal if identities and is_of(one, identities[-1])), mortal[0])
    in_flight = await run.kill(victim)
    _go_on([worker for worker in living if worker is not victim])
    return Stop(seen, in_flight, seen.where)


async def _settled(run: Run) -> Moment:
    """Read what there is, when what the workers had sent before they were stopped has arrived."""
    seen = await run.moment()
    while (now := await run.moment()) != seen:
        seen = now
    return seen


def _go_on(workers: Sequence[Process]) -> None:
    for worker in workers:
        os.kill(worker.pid, signal.SIGCONT)
