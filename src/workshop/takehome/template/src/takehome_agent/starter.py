"""Asks the agent: python -m takehome_agent.starter "your question" """

import asyncio
import sys
import uuid

from takehome_agent.connection import TASK_QUEUE, connect
from takehome_agent.workflow import WeatherAgent


async def main(question: str) -> None:
    client = await connect()
    answer = await client.execute_workflow(
        WeatherAgent.run, question, id=f"takehome-agent-{uuid.uuid4()}", task_queue=TASK_QUEUE
    )
    print(answer)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    asyncio.run(main(sys.argv[1]))
