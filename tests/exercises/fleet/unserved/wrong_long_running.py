# outcome: NOT YET · wrong decision
# says: no alarm for a run
"""The third look: steps that no worker takes."""

from my.fleet.finding import Finding, running
from my.fleet.told import age_of
from temporalio.api.enums.v1 import PendingActivityState, PendingWorkflowTaskState
from temporalio.client import Client

TASK_SCHEDULED = PendingWorkflowTaskState.PENDING_WORKFLOW_TASK_STATE_SCHEDULED
ACTIVITY_SCHEDULED = PendingActivityState.PENDING_ACTIVITY_STATE_SCHEDULED


async def unserved(client: Client, seconds: float = 10) -> list[Finding]:
    found = []
    async for run, described in running(client):
        if age_of(described.workflow_execution_info.start_time) > seconds:
            found.append(Finding(run, f"on {described.execution_config.task_queue.name} for long", "a worker"))
    return found
