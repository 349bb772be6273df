# outcome: PASSED
"""The second look: activities that are tried again and again."""

from my.fleet.finding import Finding, running
from my.fleet.told import root_of
from temporalio.client import Client


async def retrying(client: Client, attempts: int = 5) -> list[Finding]:
    found = {}
    async for run in client.list_workflows("ExecutionStatus = 'Running'"):
        described = await client.get_workflow_handle(run.id).describe()
        for one in described.raw_description.pending_activities:
            if one.attempt > attempts - 1:
                said = f"{one.activity_type.name}: attempt {one.attempt}: {root_of(one.last_failure)}"
                found.setdefault(run.id, Finding(run.id, said, "look at its service"))
    return list(found.values())
