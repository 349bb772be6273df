# outcome: NOT YET · hard-coded
"""The first look: runs whose code fails at each attempt."""

from my.fleet.finding import Finding
from temporalio.client import Client


async def failing(client: Client) -> list[Finding]:
    return [Finding("hasty", "its code fails", "mend it")]
