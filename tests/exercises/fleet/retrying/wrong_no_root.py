# outcome: NOT YET · error text
# says: at the bottom
"""The second look: activities that are tried again and again."""

from my.fleet.finding import Finding, running
from my.fleet.told import root_of
from temporalio.client import Client


async def retrying(client: Client, attempts: int = 5) -> list[Finding]:
    found = []
    async for run, described in running(client):
        for one in described.pending_activities:
            if one.attempt >= attempts:
                found.append(Finding(run, f"{one.activity_type.name}: {one.last_failure.message}", "mend it"))
    return found
