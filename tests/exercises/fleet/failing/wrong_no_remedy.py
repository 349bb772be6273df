# outcome: NOT YET · error text
# says: remedy
"""The first look: runs whose code fails at each attempt."""

from my.fleet.finding import Finding
from temporalio.client import Client


async def failing(client: Client) -> list[Finding]:
    query = 'ExecutionStatus = "Running" AND TemporalReportedProblems IS NOT NULL'
    return [Finding(run.id, "its code fails", "") async for run in client.list_workflows(query)]
