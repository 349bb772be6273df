"""What breaks a fleet outside its files: at its queues, its versions, and the services that it asks."""

from __future__ import annotations

import asyncio

from temporalio.api.enums.v1 import TaskQueueType
from temporalio.api.taskqueue.v1 import RateLimit
from temporalio.api.workflowservice.v1 import (
    SetWorkerDeploymentCurrentVersionRequest,
    UpdateTaskQueueConfigRequest,
)
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

_LOW = 0.005
"""Activities a second of the limit that is far too low: one in more than three minutes."""

_PATIENCE = 15.0
_NOT_YET = (RPCStatusCode.NOT_FOUND, RPCStatusCode.FAILED_PRECONDITION)


async def limit(client: Client, queue: str) -> None:
    """Let next to nothing through a queue of activities."""
    request = UpdateTaskQueueConfigRequest(
        namespace=client.namespace,
        task_queue=queue,
        task_queue_type=TaskQueueType.TASK_QUEUE_TYPE_ACTIVITY,
        update_queue_rate_limit=UpdateTaskQueueConfigRequest.RateLimitUpdate(
            rate_limit=RateLimit(requests_per_second=_LOW), reason="a trial"
        ),
    )
    await client.workflow_service.update_task_queue_config(request)


async def make_current(client: Client, deployment: str, version: str) -> None:
    """Have new runs of a deployment go to a version, as soon as one of its workers is there.

    Raises:
        TimeoutError: none came.
    """
    request = SetWorkerDeploymentCurrentVersionRequest(
        namespace=client.namespace, deployment_name=deployment, build_id=version
    )
    async with asyncio.timeout(_PATIENCE):
        while True:
            try:
                await client.workflow_service.set_worker_deployment_current_version(request)
                return
            except RPCError as error:
                if error.status not in _NOT_YET:
                    raise
            await asyncio.sleep(0.2)


__all__ = ["limit", "make_current"]
