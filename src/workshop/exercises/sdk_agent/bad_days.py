"""Runs of a learner's agent on a day when something goes wrong: the model refuses the key, or the run is cancelled."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

from workshop.checks.bench import NotYet, describe
from workshop.checks.endings import beside, ending_of
from workshop.checks.workflows import task_queue

if TYPE_CHECKING:
    from temporalio.client import Client


REFUSED_KEY = "a run to fail when the model's service refuses the key: that is no answer"
"""What is expected of every agent."""


class BadDays(TypedDict):
    """How two runs of an agent have ended.

    Attributes:
        refused: When the model's service had refused the key.
        returned: What that run returned, as a check quotes it; empty if it failed.
        cancelled: When it was cancelled during a model call.
    """

    refused: str
    returned: str
    cancelled: str


async def bad_days(client: Client, workflow: str, question: str, prefix: str, look: str) -> BadDays:
    """In the child, beside its worker: ask an agent on two bad days.

    Args:
        client: The worker's.
        workflow: The agent's name.
        question: What it is asked.
        prefix: What the ids of the two runs begin with.
        look: Where to look if one does not end.

    Raises:
        NotYet: a run does not end.
    """
    from workshop.lab.faults import fault

    with fault("model", "status", status=401):
        handle = await client.start_workflow(
            workflow, question, id=f"{prefix}-refused", task_queue=task_queue()
        )
        refused = await ending_of(handle, look, what="a run whose model refuses the key", timeout=15)
    returned = describe(await handle.result()) if refused == "completed" else ""
    with fault("model", "delay", delay=60) as held:
        handle = await client.start_workflow(
            workflow, question, id=f"{prefix}-cancelled", task_queue=task_queue()
        )
        await beside(handle, held.hit(timeout=15), look, expected="a model call", timeout=15)
        await handle.cancel()
        cancelled = await ending_of(handle, look, what="a run that is cancelled", timeout=10)
    return {"refused": refused, "returned": returned, "cancelled": cancelled}


def judge_bad_days(seen: BadDays, look: str) -> None:
    """See that a failure of the model is not hidden, and a cancellation is heard.

    Args:
        seen: How the runs ended.
        look: Where to look if they should not have ended so.

    Raises:
        NotYet: they should not have.
    """
    if seen["refused"] != "failed":
        got = f"it returned {seen['returned']}" if seen["returned"] else f"it {seen['refused']}"
        raise NotYet(REFUSED_KEY, got, look)
    if seen["cancelled"] != "cancelled":
        raise NotYet(
            "a run that is cancelled during a model call to end as cancelled", f"it {seen['cancelled']}", look
        )
