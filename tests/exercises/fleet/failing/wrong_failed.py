# outcome: NOT YET · wrong decision
# says: to be found
"""The first look: runs whose code fails at each attempt."""

from my.fleet.finding import Finding
from temporalio.client import Client


async def failing(client: Client) -> list[Finding]:
    query = 'ExecutionStatus = "Failed"'
    return [Finding(run.id, "fails", "mend it") async for run in client.list_workflows(query)]
