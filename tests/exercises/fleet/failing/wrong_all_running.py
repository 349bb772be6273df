# outcome: NOT YET · wrong decision
# says: no alarm for a run
"""The first look: runs whose code fails at each attempt."""

from my.fleet.finding import Finding
from temporalio.client import Client


async def failing(client: Client) -> list[Finding]:
    query = 'ExecutionStatus = "Running"'
    return [Finding(run.id, "fails", "mend it") async for run in client.list_workflows(query)]
