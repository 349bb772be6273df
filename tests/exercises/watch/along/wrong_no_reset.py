# outcome: NOT YET · too much
# says: the beginning twice
from collections.abc import Callable

from my.watch.following import events_of
from temporalio.client import Client


async def read_along(client: Client, workflow_id: str, show: Callable[[str], None]) -> str:
    text = ""
    async for event in events_of(client, workflow_id):
        if event["type"] == "response.output_text.delta":
            text += event["delta"]
            show(text)
    return text
