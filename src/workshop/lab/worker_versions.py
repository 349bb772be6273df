"""Versions of workers, as the server knows them: which one new runs go to."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from workshop.errors import LabTimeout

if TYPE_CHECKING:
    from temporalio.client import Client

_ASK_AGAIN = 0.2


async def make_current(
    client: Client,
    deployment: str,
    build_id: str,
    timeout: float = 20.0,
    *,
    queue: str | None = None,
    pid: int | None = None,
) -> None:
    """Have new runs of a deployment go to a version, as soon as one of its workers is there.

    Args:
        client: A client of the server.
        deployment: The deployment's name.
        build_id: The version.
        timeout: Seconds to wait for a worker of it.
        queue: The task queue of the worker that is to be of this version.
        pid: That worker's process. If it asks the queue for work as something else, nobody waits any longer.

    Raises:
        LabTimeout: none came; it says what the server answered.
        RPCError: the server refuses for another reason in the end, or cannot be reached.
    """
    from temporalio.api.workflowservice.v1 import SetWorkerDeploymentCurrentVersionRequest
    from temporalio.service import RPCError, RPCStatusCode

    # The version is not there until its first worker has asked for work.
    not_yet = (RPCStatusCode.NOT_FOUND, RPCStatusCode.FAILED_PRECONDITION)
    request = SetWorkerDeploymentCurrentVersionRequest(
        namespace=client.namespace, deployment_name=deployment, build_id=build_id, identity="lab"
    )
    missing = trouble = None
    try:
        async with asyncio.timeout(timeout):
            while True:
                try:
                    await client.workflow_service.set_worker_deployment_current_version(request)
                    return
                except RPCError as error:
                    # Who asks often is told "rate limit exceeded" in between: what it said before counts.
                    if error.status in not_yet:
                        missing = error
                        if queue and pid and await _is_another(client, queue, pid, (deployment, build_id)):
                            break
                    else:
                        trouble = error
                await asyncio.sleep(_ASK_AGAIN)
    except TimeoutError:
        if trouble and not missing:
            raise trouble from None
    raise LabTimeout(missing.message if missing else "no answer")


async def _is_another(client: Client, queue: str, pid: int, version: tuple[str, str]) -> bool:
    """Whether a process asks a queue for work, and not as a worker of this version."""
    from temporalio.api.enums.v1 import TaskQueueType, WorkerVersioningMode
    from temporalio.api.taskqueue.v1 import TaskQueue
    from temporalio.api.workflowservice.v1 import DescribeTaskQueueRequest
    from temporalio.service import RPCError

    request = DescribeTaskQueueRequest(
        namespace=client.namespace,
        task_queue=TaskQueue(name=queue),
        task_queue_type=TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW,
    )
    try:
        answer = await client.workflow_service.describe_task_queue(request)
    except RPCError:
        return False  # asked too often: the next look will tell
    asking = [poller.deployment_options for poller in answer.pollers if poller.identity.startswith(f"{pid}@")]
    versioned = WorkerVersioningMode.WORKER_VERSIONING_MODE_VERSIONED
    return bool(asking) and not any(
        (told.deployment_name, told.build_id) == version and told.worker_versioning_mode == versioned
        for told in asking
    )


__all__ = ["make_current"]
