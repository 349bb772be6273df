"""Asks the agent: python -m takehome_agent.starter "your question" """

import asyncio
import sys
import uuid

from takehome_agent.connection import TASK_QUEUE, connect
from takehome_agent.workflow import WeatherAgent


async def main(question: str) -> None:
    client = await connect()
    handle = await client.start_workflow(
        WeatherAgent.run, question, id=f"takehome-agent-{uuid.uuid4()}", task_queue=TASK_QUEUE
    )
    # It goes on without this process: `temporal workflow result --workflow-id ...` waits for it again.
    print(handle.id, file=sys.stderr)
    print(await handle.result())


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    asyncio.run(main(sys.argv[1]))
