# outcome: NOT YET · of another kind
# says: a list of findings
"""The first look: runs whose code fails at each attempt."""

from my.fleet.finding import Finding
from temporalio.client import Client


async def failing(client: Client) -> list[Finding]:
    query = 'ExecutionStatus = "Running" AND TemporalReportedProblems IS NOT NULL'
    return [run.id async for run in client.list_workflows(query)]
