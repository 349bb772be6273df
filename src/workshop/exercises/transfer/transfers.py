"""The transfers that checks have done: between whom, by which files of the learner's, until when."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from workshop.checks.bench import NotYet
from workshop.checks.endings import result_of

if TYPE_CHECKING:
    from temporalio.client import WorkflowHandle

    from workshop.checks.histories import ActivityRun
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


def judge_limits(asked: ActivityRun) -> None:
    """See that one attempt may take as long as the lesson says, and that nothing bounds how often it is tried.

    Raises:
        NotYet: it may not, or something does.
    """
    for what, wanted, got, look in (
        (
            f"{asked.name} to have {_TIMEOUT:g} seconds for one attempt",
            asked.start_to_close == 3,
            f"{asked.start_to_close:g} s",
            "start_to_close_timeout",
        ),
        (
            f"{asked.name} to have no limit for all its attempts together",
            not asked.schedule_to_close or asked.schedule_to_close > _LONG,
            f"{asked.schedule_to_close:g} s: if the bank is closed for longer, the transfer fails, even halfway",
            "schedule_to_close_timeout",
        ),
        (
            f"{asked.name} to have no limit on the number of its attempts",
            not asked.maximum_attempts or asked.maximum_attempts > _MANY,
            f"at most {asked.maximum_attempts}: if the bank is closed for longer, the transfer fails, even halfway",
            "retry_policy",
        ),
        (
            f"{asked.name} to have no heartbeat timeout, since it sends no heartbeat",
            not asked.heartbeat,
            f"{asked.heartbeat:g} s: an attempt that takes longer is given up",
            "heartbeat_timeout",
        ),
    ):
        if not wanted:
            raise NotYet(what, got, f"the argument {look} of execute_activity")


_TIMEOUT = 3.0
_LONG = 3600.0
_MANY = 20
"""As the file names it for one attempt; and from where on a limit is none, in seconds and in attempts."""
