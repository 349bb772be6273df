"""What is said when a workflow cannot be looked at."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

from temporalio.client import WorkflowExecutionDescription, WorkflowHandle
from temporalio.service import RPCError, RPCStatusCode

from workshop.errors import LabError

_PATIENCE = 3.0


def no_history(error: RPCError, workflow_id: str) -> str:
    """Why there is nothing to show of a workflow, and what to do about it."""
    if error.status == RPCStatusCode.NOT_FOUND:
        return f"There is no workflow {workflow_id!r} on this server."
    return f"The Temporal server does not answer ({error.message}). `lab.start()` starts it again."


async def describe(handle: WorkflowHandle[Any, Any]) -> WorkflowExecutionDescription:
    """Describe a workflow; a server that is not there is given up on in seconds, not when the SDK does.

    Raises:
        LabError: there is no such workflow, or the server does not answer.
    """
    try:
        asked = handle.describe(rpc_timeout=timedelta(seconds=_PATIENCE))
        return await asyncio.wait_for(asked, _PATIENCE)
    except RPCError as error:
        raise LabError(no_history(error, handle.id)) from None
    except TimeoutError:
        raise LabError("The Temporal server does not answer. `lab.start()` starts it again.") from None


__all__ = ["describe", "no_history"]
