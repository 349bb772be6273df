"""A workflow task that fails is tried again: when Temporal does it, and how not to wait for that."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any, TypeVar

from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.workflowservice.v1 import (
    DescribeWorkflowExecutionRequest,
    ResetWorkflowExecutionRequest,
)
from temporalio.client import WorkflowHandle
from temporalio.service import RPCError

from workshop.errors import LabError
from workshop.lab.observed import Observed
from workshop.runs.errors import no_history
from workshop.runs.events import own_line, typed_cause_of

_RPC = timedelta(seconds=5)

EVEN_ATTEMPTS = 3
"""Attempts of a task after which it is offered again as soon as its time is up."""

_FIRST_EXTRA = 5.0
_MOST_EXTRA = 600.0
_JITTER = 0.2

Result = TypeVar("Result")


def held_for(attempt: int, timeout: float) -> tuple[float, float]:
    """How long the server waits for the answer to an attempt before it offers the task again.

    The SDK reports only the first failure of a task, so each later attempt that fails is held until its time is
    up. After the third the server adds 5 s, and twice as much each time, up to ten minutes, less up to a fifth
    by chance. Seen on the pinned server: 10, 10, 14.4, 18.8, 26.1 and 44.6 s for the attempts 2 to 7.

    Args:
        attempt: Which attempt, from 2.
        timeout: The workflow task timeout in seconds.

    Returns:
        The least and the most seconds.
    """
    if attempt <= EVEN_ATTEMPTS:
        return timeout, timeout
    extra = min(_FIRST_EXTRA * 2.0 ** min(attempt - EVEN_ATTEMPTS - 1, 20), _MOST_EXTRA)
    return timeout + extra * (1 - _JITTER), timeout + extra


async def retry_task(handle: WorkflowHandle[Any, Result]) -> WorkflowHandle[Any, Result]:
    """Have a workflow task that fails tried again at once, instead of when Temporal would do it.

    This is a *reset* (``temporal workflow reset``) to the task that fails: Temporal ends the run and begins
    another one under the same workflow id, with the history up to that task. What stands there is not done
    again. Restart the worker with the mended code first.

    Args:
        handle: The workflow.

    Returns:
        A handle on the new run. ``lab.result`` finds it from the old handle as well.

    Raises:
        LabError: there is no such workflow, or it has no workflow task that fails.
    """
    seen = Observed(handle)
    try:
        await seen.look()
        failed = await seen.failed_task() if seen.task is not None else None
        if failed is None:
            raise LabError(f"{seen.workflow} has no workflow task that fails: there is nothing to try again.")
        failure = failed.workflow_task_failed_event_attributes.failure
        line = own_line(failure)
        place = f", in {line}" if line is not None else ""
        client = handle._client
        answer = await client.workflow_service.reset_workflow_execution(
            ResetWorkflowExecutionRequest(
                namespace=client.namespace,
                workflow_execution=WorkflowExecution(workflow_id=handle.id, run_id=seen.run_id),
                reason=f"tried again after {typed_cause_of(failure)}{place}",
                workflow_task_finish_event_id=failed.event_id,
                request_id=str(uuid.uuid4()),
            ),
            timeout=_RPC,
        )
    except RPCError as error:
        raise LabError(no_history(error, handle.id)) from None
    return _on(handle, answer.run_id)


async def run_after_reset(handle: WorkflowHandle[Any, Result]) -> WorkflowHandle[Any, Result] | None:
    """The run that has taken the place of a handle's run, if it was reset; else None.

    Raises:
        RPCError: the server does not answer.
    """
    run_id = handle.result_run_id or handle.run_id
    if run_id is None:
        return None
    described = await handle._client.workflow_service.describe_workflow_execution(
        DescribeWorkflowExecutionRequest(
            namespace=handle._client.namespace,
            execution=WorkflowExecution(workflow_id=handle.id, run_id=run_id),
        ),
        timeout=_RPC,
    )
    later = described.workflow_extended_info.reset_run_id
    return _on(handle, later) if later else None


def _on(handle: WorkflowHandle[Any, Result], run_id: str) -> WorkflowHandle[Any, Result]:
    return WorkflowHandle(
        handle._client, handle.id, run_id=run_id, result_run_id=run_id, result_type=handle._result_type
    )


__all__ = ["EVEN_ATTEMPTS", "held_for", "retry_task", "run_after_reset"]
