# outcome: NOT YET · wrong decision
# says: the one at its fourth attempt
"""The second look: activities that are tried again and again."""

from my.fleet.finding import Finding, running
from my.fleet.told import root_of
from temporalio.client import Client


async def retrying(client: Client, attempts: int = 5) -> list[Finding]:
    found = []
    async for run, described in running(client):
        tried = max((one.attempt for one in described.pending_activities), default=0)
        if tried >= attempts:
            for one in described.pending_activities:
                problem = f"{one.activity_type.name}: {root_of(one.last_failure)}"
                found.append(Finding(run, problem, "repair the service, the activity then goes on by itself"))
    return found
