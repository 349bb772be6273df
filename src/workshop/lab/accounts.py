"""What a workflow is at when the time to wait for it is up."""

from __future__ import annotations

import time

from temporalio.api.enums.v1 import PendingActivityState, PendingWorkflowTaskState
from temporalio.api.workflow.v1 import PendingActivityInfo
from temporalio.service import RPCError

from workshop.lab.failing_tasks import FailingTask
from workshop.lab.no_result import LONGEST_CAUSE, NoResultYet, no_worker
from workshop.lab.observed import Observed, backs_off
from workshop.lab.too_large import activity_too_large, size_of_result
from workshop.runs.causes import told_attempt
from workshop.runs.events import duration, own_line, seconds_of, shorten
from workshop.runs.pending import UNTAKEN_SECONDS

_MOST = 3
"""Activities, and timers, that are told one by one."""


async def account(seen: Observed, timeout: float, *, untaken: bool) -> NoResultYet:
    """Say what a workflow is at. It raises nothing.

    Args:
        seen: The workflow, as it was looked at last.
        timeout: Seconds that were waited.
        untaken: Whether some of its work waits for a worker.
    """
    if not seen.seen:
        return NoResultYet("server does not answer", "The Temporal server does not answer.")
    try:
        return (
            await _of_task(seen, timeout, untaken)
            or _of_activities(seen, timeout)
            or await _of_waits(seen, timeout)
        )
    except RPCError:
        return NoResultYet("server does not answer", "The Temporal server does not answer.")


async def _of_task(seen: Observed, timeout: float, untaken: bool) -> NoResultYet | None:
    task = seen.task
    if task is None:
        return None
    failing = await FailingTask.of(seen)
    if failing is not None:
        return failing.told()
    if task.state == PendingWorkflowTaskState.PENDING_WORKFLOW_TASK_STATE_SCHEDULED and untaken:
        there = bool(await seen.pollers(seen.task_queue, of_workflow=True))
        return no_worker("the next step of the workflow", seen.task_queue, was_there=there)
    if task.state != PendingWorkflowTaskState.PENDING_WORKFLOW_TASK_STATE_STARTED:
        return None
    return NoResultYet(
        "workflow task is running",
        f"{seen.workflow} has no result after {duration(timeout)}: a worker has begun its next step.",
        f"If that worker is gone, another one gets the step {duration(seen.task_timeout)} after it began.",
    )


def _of_activities(seen: Observed, timeout: float) -> NoResultYet | None:
    pending = seen.activities
    if not pending:
        return None
    told = [f"{seen.workflow} has no result after {duration(timeout)}:"]
    for one in pending[:_MOST]:
        told += [f"  {text}" for text in _activity(one)]
    if len(pending) > _MOST:
        told.append(f"  and {len(pending) - _MOST} more activities")
    retrying = any(one.attempt > 1 for one in pending)
    return NoResultYet("activity is retrying" if retrying else "activity is running", *told)


def _activity(one: PendingActivityInfo) -> list[str]:
    name = f"activity {one.activity_type.name}: "
    failed = one.attempt - 1
    most = f" of at most {one.maximum_attempts}" if one.maximum_attempts else ""
    told = []
    if failed and one.HasField("last_failure"):
        cause = shorten(told_attempt(one.last_failure, one.activity_options), LONGEST_CAUSE)
        told.append(f"{name}attempt {failed}{most} failed: {cause}")
        if activity_too_large(one):
            told.append(size_of_result())
        line = own_line(one.last_failure)
        if line is not None:
            told.append(f"  {line}")
        name = "  "
    now = time.time()
    if one.state == PendingActivityState.PENDING_ACTIVITY_STATE_STARTED:
        since = max(0.0, now - seconds_of(one.last_started_time))
        told.append(f"{name}attempt {one.attempt} has been running for {duration(round(since, 1))}.")
        told += _limits(one)
    elif backs_off(one):
        wait = max(0.0, seconds_of(one.next_attempt_schedule_time) - now)
        told.append(f"{name}attempt {one.attempt} starts in {duration(round(wait, 1))}.")
    elif now - seconds_of(one.scheduled_time) < UNTAKEN_SECONDS:
        told.append(f"{name}attempt {one.attempt} starts next.")
    else:
        told.append(f"{name}attempt {one.attempt} waits for a worker.")
    return told


def _limits(one: PendingActivityInfo) -> list[str]:
    options = one.activity_options
    if options.HasField("heartbeat_timeout") and seconds_of(options.heartbeat_timeout):
        limit, which = seconds_of(options.heartbeat_timeout), "heartbeat_timeout"
    else:
        limit, which = seconds_of(options.start_to_close_timeout), "start_to_close_timeout"
    if not limit:
        return []
    return [f"  If its worker is gone, Temporal notices after {duration(limit)} ({which})."]


async def _of_waits(seen: Observed, timeout: float) -> NoResultYet:
    told = [f"{seen.workflow} has no result after {duration(timeout)}: it waits."]
    now = time.time()
    timers = await seen.open_timers()
    for event in timers[:_MOST]:
        length = seconds_of(event.timer_started_event_attributes.start_to_fire_timeout)
        left = max(0.0, seconds_of(event.event_time) + length - now)
        told.append(f"  a timer of {duration(length)}, which fires in {duration(round(left, 1))}")
    for child in seen.children:
        told.append(f"  the child workflow {child.workflow_type_name}")
    handlers = await seen.handlers()
    if handlers:
        told.append(f"  {'or for a message' if timers else 'a message'}: {handlers}")
    elif not timers and not seen.children:
        told.append("  a signal or an update")
    return NoResultYet("waiting", *told)


__all__ = ["account"]
