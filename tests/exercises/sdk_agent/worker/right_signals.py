# outcome: PASSED
"""The worker: runs the agent's loop, its model calls and its tools."""

import asyncio
import signal
from datetime import timedelta

from my.sdk_agent.activities import TOOLS
from my.sdk_agent.connection import TASK_QUEUE, connect
from my.sdk_agent.workflow import WeatherAgent
from temporalio.worker import Worker

# How long a workflow task is kept for the worker that has the run in memory, before any worker may take it.
STICKY = timedelta(seconds=2)


async def main() -> None:
    client = await connect()
    worker = Worker(
        client,
        task_queue=TASK_QUEUE,
        workflows=[WeatherAgent],
        activities=TOOLS,
        sticky_queue_schedule_to_start_timeout=STICKY,
        graceful_shutdown_timeout=timedelta(seconds=1),
    )
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    async with worker:
        print("ready", flush=True)
        await stop.wait()


if __name__ == "__main__":
    asyncio.run(main())
