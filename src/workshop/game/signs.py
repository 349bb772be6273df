"""What stands still in a fleet, as the course itself looks: the three looks of the lesson, in short."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from typing import Any

from temporalio.api.enums.v1 import PendingActivityState, PendingWorkflowTaskState
from temporalio.api.workflowservice.v1 import DescribeWorkflowExecutionResponse
from temporalio.client import Client

ATTEMPTS = 5
"""Attempts of an activity from which on it is said to stand still."""

SECONDS = 3.0
"""Seconds that a step may wait for a worker."""

_TASK = PendingWorkflowTaskState.PENDING_WORKFLOW_TASK_STATE_SCHEDULED
_ACTIVITY = PendingActivityState.PENDING_ACTIVITY_STATE_SCHEDULED


async def stuck(client: Client) -> set[str]:
    """The ids of the runs that one of the three looks finds.

    Raises:
        RPCError: the server does not answer.
    """
    found = await failing(client)
    async for run, described in running(client):
        task = described.pending_workflow_task
        untaken = task.state == _TASK and _waits(task.original_scheduled_time)
        steps = described.pending_activities
        tried = any(one.attempt >= ATTEMPTS for one in steps)
        left = any(one.state == _ACTIVITY and _waits(one.scheduled_time) for one in steps)
        if untaken or tried or left:
            found.add(run)
    return found


async def failing(client: Client) -> set[str]:
    """The ids of the runs whose code fails."""
    query = 'ExecutionStatus = "Running" AND TemporalReportedProblems IS NOT NULL'
    return {run.id async for run in client.list_workflows(query)}


async def running(client: Client) -> AsyncIterator[tuple[str, DescribeWorkflowExecutionResponse]]:
    """Each run that has not ended, with what the server says of it."""
    async for run in client.list_workflows('ExecutionStatus = "Running"'):
        described = await client.get_workflow_handle(run.id, run_id=run.run_id).describe()
        yield run.id, described.raw_description


def _waits(since: Any) -> bool:
    return bool(since.ToSeconds() and time.time() - since.ToNanoseconds() / 1e9 > SECONDS)


__all__ = ["ATTEMPTS", "SECONDS", "failing", "running", "stuck"]
