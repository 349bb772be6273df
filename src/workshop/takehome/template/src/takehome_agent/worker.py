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
from temporalio.common import VersioningBehavior, WorkerDeploymentVersion
from temporalio.worker import Worker, WorkerDeploymentConfig


def version() -> WorkerDeploymentConfig | None:
    """Of which version this worker is, by the variables that Temporal's Worker Controller for Kubernetes sets, too."""
    build_id = os.environ.get("TEMPORAL_WORKER_BUILD_ID")
    if not build_id:
        return None
    deployment = os.environ.get("TEMPORAL_DEPLOYMENT_NAME", "takehome-agent")
    return WorkerDeploymentConfig(
        version=WorkerDeploymentVersion(deployment, build_id),
        use_worker_versioning=True,
        # A run stays with the version that it began with.
        default_versioning_behavior=VersioningBehavior.PINNED,
    )


async def main() -> None:
    if not os.environ.get("OPENAI_API_KEY"):
        sys.exit("OPENAI_API_KEY is not set: the worker calls the model with it. Nothing was started.")
    worker = Worker(
        await connect(),
        task_queue=TASK_QUEUE,
        workflows=[WeatherAgent],
        activities=TOOLS,
        deployment_config=version(),
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
