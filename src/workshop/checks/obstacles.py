"""What stands in the way of a check's runs: code that fails at each attempt, a workflow that no worker has."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import TYPE_CHECKING, Any, TypeVar

from .bench import Bench, NotYet
from .runs import runs_of
from .tracebacks import hint_at_cause, own_place
from .workflows import connect

if TYPE_CHECKING:
    from temporalio.client import WorkflowHandle

_LOOK_EVERY = 1.0
"""Seconds between looks at the runs; one costs the server some milliseconds."""

Awaited = TypeVar("Awaited")


async def unless_stuck(bench: Bench, awaited: Awaitable[Awaited], expected: str, look: str) -> Awaited:
    """Await what needs the check's runs to go on, such as a starter's end, no longer than they can.

    Args:
        bench: The check's.
        awaited: What is awaited, with its own limit.
        expected: What is expected, for the message.
        look: Where to look if the obstacle names no line of the learner's.

    Raises:
        NotYet: a run's code fails at each attempt, or no worker has its workflow.
    """
    task = asyncio.ensure_future(awaited)
    seen = 0
    try:
        while not task.done():
            await asyncio.wait({task}, timeout=_LOOK_EVERY)
            # Seen twice: what fails once may be mended by the second attempt.
            seen = seen + 1 if not task.done() and (way := await in_the_way(bench)) else 0
            if seen > 1 and way:
                raise NotYet(expected, way[0], way[1] or look)
        return task.result()
    finally:
        if not task.cancel() and not task.cancelled():
            task.exception()


async def in_the_way(bench: Bench) -> tuple[str, str] | None:
    """What a run of the check's cannot get over, and the learner's line in it; None if nothing is known of that."""
    from temporalio.service import RPCError

    if not bench.exercise.temporal:
        return None
    try:
        client = await connect(bench)
        for run in await runs_of(bench, still_open=True):
            if way := await holding_up(client.get_workflow_handle(run["id"], run_id=run["run_id"])):
                return way
    except RPCError:
        return None
    return None


async def holding_up(handle: WorkflowHandle[Any, Any]) -> tuple[str, str] | None:
    """What one run cannot get over, as :func:`in_the_way` tells it of all; in the child, too.

    Raises:
        RPCError: the server does not tell.
    """
    from workshop.lab.failing_tasks import FailingTask
    from workshop.lab.observed import Observed
    from workshop.runs.events import own_line, typed_cause_of

    seen = Observed(handle)
    await seen.look()
    if failing := await FailingTask.of(seen):
        failure = failing.event.workflow_task_failed_event_attributes.failure
        place = own_place(own_line(failure))
        return hint_at_cause(f"the workflow's code fails: {typed_cause_of(failure)}", place), place
    for one in seen.activities:
        if one.HasField("last_failure"):
            place = own_place(own_line(one.last_failure))
            said = f"{one.activity_type.name}: attempt {one.attempt - 1} failed: "
            return hint_at_cause(said + typed_cause_of(one.last_failure), place), place
    return None
