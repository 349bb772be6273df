"""Leads a run from one boundary to the next: its workers are gated, and take one task after the other.

So a run has as many boundaries each time, however fast the machine is, and it can be stopped wherever the server ends
a transaction: before a workflow task or an activity is taken, while it is under way, and while everything
waits for a person. A run that continues as new is followed: the boundaries are those of the whole chain of runs.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Literal

from temporalio.api.enums.v1 import (
    PendingActivityState,
    PendingWorkflowTaskState,
    TaskQueueKind,
    WorkflowExecutionStatus,
)
from temporalio.api.workflowservice.v1 import DescribeWorkflowExecutionResponse

from workshop.lab.gateway_client import FaultSpec
from workshop.lab.processes import Process
from workshop.runs.events import attributes, event_name

from .boundaries import Boundary
from .gates import Gates
from .moments import Moment
from .stories import WAIT, Person, Run, is_of

Described = DescribeWorkflowExecutionResponse

_STARTED = PendingActivityState.PENDING_ACTIVITY_STATE_STARTED
_TASK_WAITS = PendingWorkflowTaskState.PENDING_WORKFLOW_TASK_STATE_SCHEDULED
_RUNNING = WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_RUNNING
_LOOK_EVERY = 0.05  # seconds; nothing tells that an attempt at an activity has begun or ended


@dataclass(frozen=True)
class Standing:
    """A run that stands still at a boundary: nothing goes on unless a timeout passes.

    Attributes:
        place: Where.
        holder: The worker that has the task, or, if none is under way, the one that has the run in memory.
    """

    place: Boundary
    holder: Process


@dataclass(frozen=True)
class _Step:
    """What the run needs next: that a worker takes a task (by its word in ``gated_worker.py``), or a person.

    ``now`` is what there was when that was found. A workflow task may time out meanwhile, and be another one then.
    """

    kind: Literal["common", "own", "activity", "person"]
    worker: Process
    now: Described

    def places(self, seen: Moment) -> list[Boundary]:
        """The boundaries before and within it, from what there is before it."""
        names = seen.names
        before = Boundary(f"{len(names)} {names[-1]}", names)
        match self.kind:
            case "person":
                return [before]
            case "activity":
                # The server keeps this event back until the attempt has ended.
                return [before, Boundary(f"{len(names) + 1} ActivityTaskStarted", names, held=True)]
        started = "WorkflowTaskStarted"
        return [before, Boundary(f"{len(names) + 1} {started}", [*names, started])]


class Conductor:
    """Leads one run, which has been started and has two gated workers.

    Args:
        run: The run.
        gates: The gates of its workers.
        person: Who is asked, and answers twice, the second time when the first has counted; None if nobody is.

    Attributes:
        places: The boundaries over which it has led.
        answers: Whether each of the person's answers counted.
    """

    def __init__(self, run: Run, gates: Gates, person: Person | None) -> None:
        self.places: list[Boundary] = []
        self.answers: list[bool] = []
        self._run = run
        self._gates = gates
        self._person = person
        self._owner = run.workers[0]
        self._asking: set[int] = set()
        self._mortal: Process | None = None
        self._activities = 0
        self._arguments: list[Any] = []
        self._answer: asyncio.Task[bool] | None = None

    async def lead(self, places: int | None = None, mortal: Process | None = None) -> Standing | None:
        """Lead the run on, until it stands at a boundary.

        Args:
            places: At which boundary from here, from 1. None: to the end.
            mortal: Who shall hold the run there. None: whose turn it is.

        Returns:
            Where it stands; None if it has ended before.

        Raises:
            TimeoutError: it has not come there.
        """
        self._mortal = mortal
        last = None if places is None else len(self.places) + places
        async with asyncio.timeout(WAIT):
            while (step := await self._next()) is not None:
                for i, place in enumerate(step.places(await self._run.moment())):
                    self.places.append(place)
                    if len(self.places) == last:
                        holder = await self._begin(step) if i else self._mortal or self._owner
                        return Standing(place, holder)
                await self._take(step)
        return None

    def close(self) -> None:
        """No longer wait for what becomes of an answer."""
        if self._answer is not None:
            self._answer.cancel()

    async def _next(self) -> _Step | None:
        """Wait until nothing is under way, and say what is needed then; None if the run has ended."""
        while True:
            now = await self._look()
            if not _runs(now):
                return None
            step = None
            if now.HasField("pending_workflow_task"):
                step = await self._workflow_task(now)
            elif self._answer is not None:
                await self._note(self._answer)
            else:
                step = await self._activity(now)
            if step is not None:
                return step
            await asyncio.sleep(_LOOK_EVERY)

    async def _workflow_task(self, now: Described) -> _Step | None:
        if now.pending_workflow_task.state != _TASK_WAITS:
            return None
        events = (await self._run.moment()).events
        scheduled = [event for event in events if event_name(event) == "WorkflowTaskScheduled"]
        if attributes(scheduled[-1]).task_queue.kind != TaskQueueKind.TASK_QUEUE_KIND_STICKY:
            wanted = [self._mortal, self._owner, *self._run.workers]
            return _Step("common", next(worker for worker in wanted if worker and worker.running), now)
        # That of a dead worker becomes a common one after a timeout.
        return _Step("own", self._owner, now) if self._owner.running else None

    async def _note(self, answer: asyncio.Task[bool]) -> None:
        """Note whether an answer has counted; an impatient person sends it once more."""
        if not answer.done():
            return
        self.answers.append(answer.result())
        self._answer = None
        if len(self.answers) == 1:
            await self._send()

    async def _send(self) -> None:
        """Send the person's answer, until there is something to do for it."""
        if self._person is None:
            raise RuntimeError("nobody is asked")
        self._answer = answer = asyncio.create_task(self._run.answer(self._person, self._arguments))
        await self._until(lambda now: now.HasField("pending_workflow_task") or answer.done())

    async def _activity(self, now: Described) -> _Step | None:
        """An activity that waits; if there is none, the person's turn."""
        living = [worker for worker in self._run.workers if worker.running]
        started = [one for one in now.pending_activities if one.state == _STARTED]
        if any(is_of(worker, one.last_worker_identity) for one in started for worker in living):
            return None
        if len(started) < len(now.pending_activities):
            ready = [worker for worker in living if self._gates.knows(worker)] or living
            return _Step("activity", ready[self._activities % len(ready)], now)
        if now.pending_activities or self._person is None or self.answers:
            return None
        if not self._arguments:
            await self._gates.say(self._owner, "own")  # a query is a task for whoever has the run in memory
            self._arguments = await self._run.asked(self._person)
        return _Step("person", self._owner, now)

    async def _take(self, step: _Step) -> None:
        """Do a step; what comes of it is seen later."""
        if step.kind == "person":
            await self._send()
            return
        if step.kind != "common":
            await self._say(step)
            await self._until(lambda now: _was_taken(step, now))
            return
        await self._say(step, *([] if step.worker.pid in self._asking else ["own"]))
        self._asking.add(step.worker.pid)
        await self._have_owner_known(step)

    async def _have_owner_known(self, step: _Step) -> None:
        """Have who has taken a task from the common queue take something from its own queue.

        The server puts nothing there unless somebody has asked for it in the last ten seconds, and a gated worker
        asks only when it is told to: it was, along with that task. A query is put there, and leaves no trace in the
        history. If the task has ended the run, or continued it as new, there is nothing to ask, and the worker goes
        on asking for the next one.
        """
        run_id = _run_id(step.now)
        await self._until(lambda now: _run_id(now) != run_id or not now.HasField("pending_workflow_task"))
        now = await self._look()
        if _runs(now) and _run_id(now) == run_id:
            await self._run.handle.query("__stack_trace")
            self._asking.remove(step.worker.pid)

    async def _begin(self, step: _Step) -> Process:
        """Let a worker begin with a task that it will not end."""
        if step.kind == "activity":
            step = replace(step, worker=self._mortal or step.worker)
            # Held after the service has done its work: what is lost then has been paid for.
            held = self._run.gateway.add_fault(FaultSpec(route="any", kind="delay", calls=1, when="after"))
            await self._say(step)
            await self._run.gateway.wait_for_hits(held.id, timeout=WAIT)
        else:
            await self._say(step, "halt")
            await self._until(lambda now: _was_taken(step, now))
        return step.worker

    async def _say(self, step: _Step, *before: str) -> None:
        if step.kind == "activity":
            self._activities += 1
        else:
            self._owner = step.worker
        await self._gates.say(step.worker, *before, step.kind)

    async def _look(self) -> Described:
        return (await self._run.handle.describe()).raw_description

    async def _until(self, holds: Callable[[Described], bool]) -> None:
        while True:
            if holds(await self._look()):
                return
            await asyncio.sleep(_LOOK_EVERY)


def _runs(now: Described) -> bool:
    return bool(now.workflow_execution_info.status == _RUNNING)


def _run_id(now: Described) -> str:
    """Which run of the workflow it is: the latest, if it has continued as new."""
    return now.workflow_execution_info.execution.run_id


def _was_taken(step: _Step, now: Described) -> bool:
    """Whether what a step is about has been taken, be it that it has already ended."""
    if step.kind != "activity":
        return now.pending_workflow_task != step.now.pending_workflow_task
    ids = {one.activity_id for one in now.pending_activities}
    ended = any(one.activity_id not in ids for one in step.now.pending_activities)
    return ended or not _started(now) <= _started(step.now)


def _started(now: Described) -> set[tuple[str, int]]:
    """The attempts at activities that are under way: each one's activity, and its number."""
    return {(one.activity_id, one.attempt) for one in now.pending_activities if one.state == _STARTED}
