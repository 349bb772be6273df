"""What breaks a fleet outside its files: at its queues."""

from __future__ import annotations

from temporalio.api.enums.v1 import TaskQueueType
from temporalio.api.taskqueue.v1 import RateLimit
from temporalio.api.workflowservice.v1 import UpdateTaskQueueConfigRequest
from temporalio.client import Client

_LOW = 0.005
"""Activities a second of the limit that is far too low: one in more than three minutes."""


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


__all__ = ["limit"]
