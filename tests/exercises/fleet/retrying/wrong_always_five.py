# outcome: NOT YET · hard-coded
# says: by `retrying(client, 3)`
"""The second look: activities that are tried again and again."""

from my.fleet.finding import Finding, running
from my.fleet.told import root_of
from temporalio.client import Client


async def retrying(client: Client, attempts: int = 5) -> list[Finding]:
    found = []
    async for run, described in running(client):
        for activity in described.pending_activities:
            if activity.attempt >= 5:
                cause = root_of(activity.last_failure)
                found.append(Finding(run, f"{activity.activity_type.name} fails: {cause}", "check the service"))
    return found
