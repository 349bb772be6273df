# outcome: NOT YET · does nothing
# says: a list of findings
"""The second look: activities that are tried again and again."""

from my.fleet.finding import Finding, running
from my.fleet.told import root_of
from temporalio.client import Client


async def retrying(client: Client, attempts: int = 5) -> list[Finding]:
    async for run, described in running(client):
        for one in described.pending_activities:
            if one.attempt >= attempts:
                Finding(run, f"{one.activity_type.name}: {root_of(one.last_failure)}", "mend it")
