"""Versions of workers in a check: the learner's worker has to be of the version that is waited for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workshop.checks.bench import NotYet
from workshop.errors import LabTimeout
from workshop.lab import worker_versions

if TYPE_CHECKING:
    from temporalio.client import Client

_PATIENCE = 40.0
"""Seconds that a right worker may take to be known as what it is, on a busy machine. It takes a moment."""


async def make_current(
    client: Client, deployment: str, build_id: str, look: str, pid: int | None = None
) -> None:
    """Make a version the current one, as soon as a worker of it is there.

    Args:
        client: A client of the server.
        deployment: The deployment's name, and that of its queue.
        build_id: The version.
        look: Where a learner should look if none comes.
        pid: The process of its worker.

    Raises:
        NotYet: no worker of this version comes.
    """
    try:
        await worker_versions.make_current(client, deployment, build_id, _PATIENCE, queue=deployment, pid=pid)
    except LabTimeout as error:
        expected = f"a worker of the version {build_id!r} of the deployment {deployment!r}"
        raise NotYet(expected, str(error), look) from None
