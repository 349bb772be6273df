"""Runs that an earlier try of a cell has left behind."""

from __future__ import annotations

from temporalio.client import Client
from temporalio.envconfig import ClientConfig
from temporalio.service import RPCError, RPCStatusCode

from workshop.errors import LabError


async def end_runs(task_queue: str) -> None:
    """Terminate the workflows that still run on a task queue, so that a cell that is run again begins afresh.

    Args:
        task_queue: The queue; what runs on others is left alone.

    Raises:
        LabError: the server does not answer.
    """
    try:
        client = await Client.connect(**ClientConfig.load_client_connect_config())
        quoted = task_queue.replace("'", "''")
        running = f"TaskQueue = '{quoted}' AND ExecutionStatus = 'Running'"
        async for run in client.list_workflows(running):
            try:
                handle = client.get_workflow_handle(run.id, run_id=run.run_id)
                await handle.terminate("a cell that is run again begins afresh")
            except RPCError as error:
                if error.status is not RPCStatusCode.NOT_FOUND:  # it has ended by itself this moment
                    raise
    except (RPCError, RuntimeError) as error:
        raise LabError(f"The Temporal server does not answer: {error}") from None


__all__ = ["end_runs"]
