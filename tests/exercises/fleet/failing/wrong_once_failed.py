# outcome: NOT YET · wrong decision
# says: was mended, and goes on
"""The first look: runs whose code fails at each attempt."""

from my.fleet.finding import Finding
from temporalio.client import Client


async def failing(client: Client) -> list[Finding]:
    found = []
    async for run in client.list_workflows("ExecutionStatus = 'Running'"):
        history = await client.get_workflow_handle(run.id, run_id=run.run_id).fetch_history()
        if any(event.HasField("workflow_task_failed_event_attributes") for event in history.events):
            found.append(Finding(run.id, "a task failed", "mend it"))
    return found
