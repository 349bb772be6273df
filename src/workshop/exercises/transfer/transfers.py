"""The transfers that checks have done: between whom, by which files of the learner's, until when."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from workshop.checks.endings import result_of

if TYPE_CHECKING:
    from temporalio.client import WorkflowHandle

    from workshop.lab.processes import Process

# The learner's files, and the queue that they name, without the check's scope.
ACTIVITIES = "my/transfer/activities.py"
WORKFLOW = "my/transfer/workflow.py"
WORKER = "my/transfer/worker.py"
QUEUE = "transfers"

# As they travel to a workflow.
TRANSFER = {"source": "alice", "target": "bob", "amount": 30}
OTHER = {"source": "carol", "target": "dan", "amount": 20}


async def transferred(handle: WorkflowHandle[Any, Any], process: Process, look: str) -> None:
    """Wait until a transfer that the learner's worker process does is complete.

    Raises:
        NotYet: it cannot be; it says why.
    """
    await result_of(handle, look, what="the transfer", process=process, timeout=40)
