# outcome: NOT YET · does not run
# says: KeyError
from collections.abc import Callable

from my.watch.following import events_of
from temporalio.client import Client


async def read_along(client: Client, workflow_id: str, show: Callable[[str], None]) -> str:
    text = ""
    async for event in events_of(client, workflow_id):
        if event["type"] == "response.created":
            text = ""
        text += event["delta"]
        show(text)
    return text
