# outcome: PASSED
"""The first look: runs whose code fails at each attempt."""

from my.fleet.finding import Finding
from temporalio.client import Client


async def failing(client: Client) -> list[Finding]:
    query = "TemporalReportedProblems IS NOT NULL"
    return [
        Finding(run.id, str(run.typed_search_attributes), "look at the worker's log")
        async for run in client.list_workflows(query)
        if run.status and run.status.name == "RUNNING"
    ]
