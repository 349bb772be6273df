"""The worker: python -m takehome_agent.worker"""

import asyncio
import contextlib
import os
import signal
import sys
from datetime import timedelta

from takehome_agent.activities import TOOLS
from takehome_agent.connection import TASK_QUEUE, connect
from takehome_agent.workflow import WeatherAgent
from temporalio.worker import Worker


async def main() -> None:
    if not os.environ.get("OPENAI_API_KEY"):
        sys.exit("OPENAI_API_KEY is not set: the worker calls the model with it. Nothing was started.")
    worker = Worker(
        await connect(),
        task_queue=TASK_QUEUE,
        workflows=[WeatherAgent],
        activities=TOOLS,
        # How long a step is kept for the worker that has the run in memory before any worker may take it.
        sticky_queue_schedule_to_start_timeout=timedelta(seconds=2),
        # After SIGTERM: no new work, and this long for what is under way.
        graceful_shutdown_timeout=timedelta(seconds=20),
    )
    stop = asyncio.Event()
    with contextlib.suppress(NotImplementedError):  # Windows
        for one in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(one, stop.set)
    async with worker:
        print("ready", flush=True)
        await stop.wait()


if __name__ == "__main__":
    asyncio.run(main())
