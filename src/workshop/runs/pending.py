"""What a run waits for now: the server's description of it tells that, and the history does not."""

from __future__ import annotations

from collections.abc import Iterable

from temporalio.api.enums.v1 import PendingActivityState, PendingWorkflowTaskState
from temporalio.api.workflow.v1 import PendingActivityInfo, PendingWorkflowTaskInfo
from temporalio.api.workflowservice.v1 import DescribeWorkflowExecutionResponse

from workshop.runs.events import cause_of, is_timeout, seconds_of
from workshop.runs.rows import OpenRow, Rows
from workshop.runs.story import Place, SeenAttempt
from workshop.runs.workers import Workers

UNTAKEN_SECONDS = 2.0
"""A worker that is alive takes a task within milliseconds; after this long, none is there to take it."""


def tell_pending(
    described: DescribeWorkflowExecutionResponse, rows: Rows, workers: Workers, now: float
) -> Place:
    """End the rows of what is pending with what it does now.

    Args:
        described: The server's description.
        rows: The rows, with all events told.
        workers: The workers.
        now: Seconds since the run started.

    Returns:
        The place where these rows end.
    """
    by_id = {pending.activity_id: pending for pending in described.pending_activities}
    here = Place(rows.column + 1, now)
    end = Place(rows.column + 2, now)
    for opened, row in sorted(rows.open.items()):
        pending = by_id.get(row.activity_id) if row.kind == "activity" else None
        if pending is not None:
            _tell_activity(rows, workers, opened, row, pending, here, end)
            del rows.open[opened]
        elif row.kind == "timer":
            rows.close(opened, row, end, "waiting", "waiting")
            del rows.open[opened]
    return end


def waits_for(described: DescribeWorkflowExecutionResponse, rows: Rows, now: float) -> str:
    """What a run waits for besides its rows, after :func:`tell_pending`; empty if that is all.

    Args:
        described: The server's description.
        rows: The rows.
        now: Seconds since the run started.
    """
    if _nobody_takes(described.pending_workflow_task, rows.began + now):
        return "no worker has taken the next step yet"
    nothing_open = not described.pending_activities and not rows.open
    waits = not any(row.state in ("waiting", "running") for row in rows.closed)
    if nothing_open and waits and not described.HasField("pending_workflow_task"):
        return "waiting for a signal or an update"
    return ""


def _nobody_takes(task: PendingWorkflowTaskInfo, now: float) -> bool:
    waits = task.state == PendingWorkflowTaskState.PENDING_WORKFLOW_TASK_STATE_SCHEDULED
    return waits and now - seconds_of(task.scheduled_time) > UNTAKEN_SECONDS


def _tell_activity(
    rows: Rows,
    workers: Workers,
    opened: int,
    row: OpenRow,
    pending: PendingActivityInfo,
    here: Place,
    end: Place,
) -> None:
    row.worker = None
    started = pending.state in (
        PendingActivityState.PENDING_ACTIVITY_STATE_STARTED,
        PendingActivityState.PENDING_ACTIVITY_STATE_CANCEL_REQUESTED,
    )
    if pending.attempt > 1:
        moment = pending.scheduled_time
        if started:
            moment = pending.last_started_time
        elif pending.HasField("last_attempt_complete_time"):
            moment = pending.last_attempt_complete_time
        since = seconds_of(moment) - rows.began
        rows.add_earlier_attempts(row, Place(here.column, since), pending.attempt, pending.last_failure)
    if started:
        row.worker = workers.number(pending.last_worker_identity)
        rows.close(opened, row, end, "running", "running")
    elif pending.HasField("next_attempt_schedule_time"):
        rows.close(opened, row, end, "waiting", "waits before it is tried again")
    elif rows.began + end.seconds - seconds_of(pending.scheduled_time) < UNTAKEN_SECONDS:
        rows.close(opened, row, end, "waiting", "about to start")
    else:
        rows.close(opened, row, end, "waiting", "waits for a worker")


def pending_attempts(
    described: DescribeWorkflowExecutionResponse, began: float
) -> Iterable[tuple[str, SeenAttempt]]:
    """What a description of a running workflow shows of attempts, to be kept for later.

    Args:
        described: The server's description.
        began: When the workflow started, in seconds since 1970.

    Yields:
        The activity id and one attempt of it: the one that runs, or the one that ended last.
    """
    for pending in described.pending_activities:
        if pending.state == PendingActivityState.PENDING_ACTIVITY_STATE_STARTED:
            started = seconds_of(pending.last_started_time) - began
            yield pending.activity_id, SeenAttempt(pending.attempt, started, None)
        elif pending.attempt > 1:
            # A retry that waits is counted already: what ended is the one before. After a timeout the server
            # names no end, so that the next attempt's turn has to do.
            ended = pending.scheduled_time
            if pending.HasField("last_attempt_complete_time"):
                ended = pending.last_attempt_complete_time
            cause = "" if is_timeout(pending.last_failure) else cause_of(pending.last_failure)
            yield (
                pending.activity_id,
                SeenAttempt(pending.attempt - 1, None, seconds_of(ended) - began, cause),
            )


__all__ = ["UNTAKEN_SECONDS", "pending_attempts", "tell_pending", "waits_for"]
