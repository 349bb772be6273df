# outcome: NOT YET · wrong decision
# says: at work, each at its first attempt
"""The second look: activities that are tried again and again."""

from my.fleet.finding import Finding, running
from my.fleet.told import root_of
from temporalio.client import Client


async def retrying(client: Client, attempts: int = 5) -> list[Finding]:
    found = []
    async for run, described in running(client):
        for one in described.pending_activities:
            found.append(Finding(run, f"{one.activity_type.name}: {root_of(one.last_failure)}", "mend it"))
    return found
