# outcome: NOT YET · hard-coded
# says: to be found
"""The first look: runs whose code fails at each attempt."""

from my.fleet.finding import Finding
from temporalio.client import Client


async def failing(client: Client) -> list[Finding]:
    found = []
    async for run in client.list_workflows("ExecutionStatus = 'Running'"):
        history = await client.get_workflow_handle(run.id, run_id=run.run_id).fetch_history()
        if any("max turns" in str(event).lower() for event in history.events):
            found.append(Finding(run.id, "too many turns", "raise max_turns"))
    return found
