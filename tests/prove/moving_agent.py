"""An agent that answers whenever it is asked, and moves to another version where its history begins anew.

As a script, a worker of one version: ``python moving_agent.py QUEUE``, with the version in ``BUILD_ID``. The queue's
name is the deployment's, too.
"""

from __future__ import annotations

import asyncio
import os
import sys
from datetime import timedelta

from agents import Agent, Runner
from temporalio import activity, workflow
from temporalio.common import VersioningBehavior, WorkerDeploymentVersion
from temporalio.worker import Worker, WorkerDeploymentConfig

TIMEOUT = timedelta(seconds=10)


@activity.defn
async def who_works() -> str:
    return os.environ["BUILD_ID"]


@workflow.defn(versioning_behavior=VersioningBehavior.PINNED)
class MovingAgent:
    """A log of answers, each with the version of the worker that has given it."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.over = False

    @workflow.signal
    def ask(self, question: str) -> None:
        self.asked.append(question)

    @workflow.signal
    def end(self) -> None:
        self.over = True

    def idle(self) -> bool:
        return not self.asked and not self.over

    @workflow.run
    async def run(self, log: list[str]) -> list[str]:
        while True:
            await workflow.wait_condition(lambda: not self.idle())
            if not self.asked:
                return log
            result = await Runner.run(Agent(name="Poet", instructions="Answer in a haiku."), self.asked[0])
            version = await workflow.execute_activity(who_works, start_to_close_timeout=TIMEOUT)
            log.append(f"{version}: {str(result.final_output).splitlines()[0]}")
            del self.asked[0]
            if self.idle() and workflow.info().is_target_worker_deployment_version_changed():
                workflow.continue_as_new(
                    args=[log],
                    initial_versioning_behavior=workflow.ContinueAsNewVersioningBehavior.AUTO_UPGRADE,
                )


async def main(queue: str) -> None:
    # As a script it is __main__, from which no workflow can be taken; the lesson's files are beside it only there.
    from moving_agent import MovingAgent as Moving  # type: ignore[import-not-found]
    from my.change.connection import connect  # type: ignore[import-not-found]

    version = WorkerDeploymentVersion(queue, os.environ["BUILD_ID"])
    worker = Worker(
        await connect(),
        task_queue=queue,
        workflows=[Moving],
        activities=[who_works],
        deployment_config=WorkerDeploymentConfig(version=version, use_worker_versioning=True),
    )
    print("ready", flush=True)
    await worker.run()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
