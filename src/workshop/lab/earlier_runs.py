"""Runs that a notebook has begun in an earlier kernel, and that go on."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

_PATIENCE = 5.0
_MOST = 3
_MOST_ASKED = 200


def told_earlier_runs(scope: str) -> list[str]:
    """The runs on this notebook's task queues that have not ended, in lines; none if the server does not answer.

    Args:
        scope: The notebook's, which is part of its queues' names.
    """
    # A notebook's own loop runs: this one needs another.
    with ThreadPoolExecutor(max_workers=1) as pool:
        found = pool.submit(lambda: asyncio.run(_found(scope))).result()
    if not found:
        return []
    head = "1 run has" if len(found) == 1 else f"{len(found)} runs have"
    told = [f"{head} not ended since this notebook's last kernel; a worker on its task queue continues it:"]
    for kind, workflow_id, queue in found[:_MOST]:
        told.append(f'  {kind}: client.get_workflow_handle("{workflow_id}"), task queue {queue}')
    if len(found) > _MOST:
        told.append(f"  and {len(found) - _MOST} more")
    return [*told, "`await lab.end_runs(task_queue)` ends those that you no longer need."]


async def _found(scope: str) -> list[tuple[str, str, str]]:
    from temporalio.client import Client
    from temporalio.envconfig import ClientConfig
    from temporalio.service import RPCError

    try:
        async with asyncio.timeout(_PATIENCE):
            client = await Client.connect(**ClientConfig.load_client_connect_config())
            running = client.list_workflows(
                "ExecutionStatus = 'Running'", limit=_MOST_ASKED, rpc_timeout=timedelta(seconds=_PATIENCE)
            )
            return [
                (run.workflow_type, run.id, run.task_queue)
                async for run in running
                if scope in run.task_queue
            ]
    except (RPCError, RuntimeError, TimeoutError):
        return []


__all__ = ["told_earlier_runs"]
