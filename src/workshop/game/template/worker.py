"""One worker process of the fleet: python worker.py NAME. What it serves stands in workers.toml."""

import asyncio
import importlib
import sys
import tomllib
from datetime import timedelta
from pathlib import Path

from my.game_day.connection import connect
from temporalio.common import WorkerDeploymentVersion
from temporalio.worker import Worker, WorkerDeploymentConfig


async def main(name: str) -> None:
    deployed = tomllib.loads(Path(__file__).with_name("workers.toml").read_text(encoding="utf-8"))
    told = deployed["workers"][name]
    client = await connect()
    workers = []
    for department in told["serves"]:
        module = importlib.import_module(f"my.game_day.{department}")
        of_version = {}
        if "version" in told:
            version = WorkerDeploymentVersion(department, told["version"])
            of_version["deployment_config"] = WorkerDeploymentConfig(
                version=version, use_worker_versioning=True
            )
        workers.append(
            Worker(
                client,
                task_queue=department,
                workflows=module.WORKFLOWS,
                activities=module.ACTIVITIES,
                # A step that a worker keeps for itself never passes its queue, nor the limit of that queue.
                disable_eager_activity_execution=True,
                sticky_queue_schedule_to_start_timeout=timedelta(seconds=1),
                # Told to end, it finishes the calls that are under way.
                graceful_shutdown_timeout=timedelta(seconds=5),
                **of_version,
            )
        )
    serving = [asyncio.create_task(worker.run()) for worker in workers]
    print("ready", flush=True)
    await asyncio.gather(*serving)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
