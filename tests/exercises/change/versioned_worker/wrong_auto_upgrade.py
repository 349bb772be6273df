# outcome: NOT YET · wrong decision
"""A worker of one version, which BUILD_ID names: python versioned_worker.py MODULE CLASS."""

import asyncio
import importlib
import os
import sys

from my.change.connection import connect, queue
from my.change.post import who_works
from temporalio.common import VersioningBehavior, WorkerDeploymentVersion
from temporalio.worker import Worker, WorkerDeploymentConfig


async def main(module: str, name: str) -> None:
    worker = Worker(
        await connect(),
        task_queue=queue(module),
        workflows=[getattr(importlib.import_module(f"my.change.{module}"), name)],
        activities=[who_works],
        deployment_config=WorkerDeploymentConfig(
            version=WorkerDeploymentVersion(queue(module), os.environ["BUILD_ID"]),
            use_worker_versioning=False,
            default_versioning_behavior=VersioningBehavior.AUTO_UPGRADE,
        ),
    )
    print("ready", flush=True)
    await worker.run()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
