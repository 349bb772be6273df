"""What is said when a workflow cannot be looked at."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

from temporalio.client import WorkflowExecutionDescription, WorkflowHandle
from temporalio.service import RPCError, RPCStatusCode

from workshop.errors import LabError, ServerSilent

_ABSENT = 3.0
"""Seconds for a server that nobody reaches: it may be starting."""

_BUSY = 20.0
"""Seconds for one that is there, on a machine that has much to do."""


def no_history(error: RPCError, workflow_id: str) -> str:
    """Why there is nothing to show of a workflow, and what to do about it."""
    if error.status == RPCStatusCode.NOT_FOUND:
        return f"There is no workflow {workflow_id!r} on this server."
    return f"The Temporal server does not answer ({error.message}). `lab.start()` starts it again."


def unanswered(error: RPCError, workflow_id: str) -> LabError:
    """As an error, what :func:`no_history` tells."""
    missing = error.status == RPCStatusCode.NOT_FOUND
    return (LabError if missing else ServerSilent)(no_history(error, workflow_id))


async def describe(handle: WorkflowHandle[Any, Any]) -> WorkflowExecutionDescription:
    """Describe a workflow; a server that is not there is given up on in seconds, not when the SDK does.

    One that is there and only slow gets more time.

    Raises:
        LabError: there is no such workflow, or the server does not answer.
    """
    try:
        patience = _BUSY if await _is_there(handle) else _ABSENT
        asked = handle.describe(rpc_timeout=timedelta(seconds=patience))
        return await asyncio.wait_for(asked, patience)
    except RPCError as error:
        raise unanswered(error, handle.id) from None
    except TimeoutError:
        raise ServerSilent("The Temporal server does not answer. `lab.start()` starts it again.") from None


async def _is_there(handle: WorkflowHandle[Any, Any]) -> bool:
    try:
        # Not retried: a connection that is refused says so at once.
        return await handle._client.service_client.check_health(timeout=timedelta(seconds=_BUSY))
    except RPCError:
        return False


__all__ = ["describe", "no_history", "unanswered"]
