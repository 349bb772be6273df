# outcome: NOT YET · hard-coded
# says: by `unserved(client, 600)`
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
        task = described.pending_workflow_task
        if task.state == TASK_SCHEDULED and age_of(task.original_scheduled_time) > 3:
            found.append(Finding(run, f"waits on {described.execution_config.task_queue.name}", "a worker"))
        for one in described.pending_activities:
            if one.state == ACTIVITY_SCHEDULED and age_of(one.scheduled_time) > 3:
                found.append(Finding(run, f"waits on {one.activity_options.task_queue.name}", "a worker"))
    return found
