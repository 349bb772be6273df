"""What is said when a workflow cannot be looked at."""

from __future__ import annotations

from temporalio.service import RPCError, RPCStatusCode


def no_history(error: RPCError, workflow_id: str) -> str:
    """Why there is nothing to show of a workflow, and what to do about it."""
    if error.status == RPCStatusCode.NOT_FOUND:
        return f"There is no workflow {workflow_id!r} on this server."
    return f"The Temporal server does not answer ({error.message}). `lab.start()` starts it again."


__all__ = ["no_history"]
