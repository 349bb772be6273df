"""Versions of workers, as the server knows them: which there are, and which is the current one."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from workshop.checks.bench import NotYet

if TYPE_CHECKING:
    from temporalio.client import Client

_PATIENCE = 20.0
_ASK_AGAIN = 0.2


async def make_current(client: Client, deployment: str, build_id: str, look: str) -> None:
    """Make a version the current one, as soon as a worker of it is there.

    Raises:
        NotYet: no worker of this version comes.
    """
    from temporalio.api.workflowservice.v1 import SetWorkerDeploymentCurrentVersionRequest
    from temporalio.service import RPCError

    request = SetWorkerDeploymentCurrentVersionRequest(
        namespace=client.namespace, deployment_name=deployment, build_id=build_id, identity="check"
    )
    refused = "nothing"
    try:
        async with asyncio.timeout(_PATIENCE):
            while True:
                try:
                    await client.workflow_service.set_worker_deployment_current_version(request)
                    return
                except RPCError as error:
                    # It is not there until its first worker has asked for work.
                    refused = error.message
                await asyncio.sleep(_ASK_AGAIN)
    except TimeoutError:
        raise NotYet(
            f"a worker of the version {build_id!r} of the deployment {deployment!r}", refused, look
        ) from None
