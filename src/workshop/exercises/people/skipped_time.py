"""A run on a server for tests, whose time the check lets pass, and which stands still otherwise."""

from __future__ import annotations

import asyncio
import re
import time
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from workshop.checks.bench import NotYet
from workshop.checks.endings import code_failure
from workshop.checks.histories import scheduled_activities
from workshop.checks.outcomes import shorten
from workshop.exercises.people.decisions import PATIENCE, decide_now
from workshop.exercises.people.root_cause import root_of

if TYPE_CHECKING:
    from temporalio.client import WorkflowHandle
    from temporalio.testing import WorkflowEnvironment


async def skip(
    env: WorkflowEnvironment, handle: WorkflowHandle[Any, Any], time: timedelta, look: str
) -> None:
    """Let time pass on the server for tests, unless the run's code fails meanwhile: then it would not.

    Raises:
        NotYet: it fails, or the time does not pass.
    """
    skipping = asyncio.ensure_future(env.sleep(time))
    for _ in range(int(PATIENCE / 0.1)):
        await asyncio.wait({skipping}, timeout=0.1)
        if skipping.done():
            return skipping.result()
        if problem := code_failure(handle, "the agent to go on when the time is up", look):
            skipping.cancel()
            raise problem
    skipping.cancel()
    raise NotYet("time to be skipped while the agent waits", "it stands still", look)


async def answered_now(
    handle: WorkflowHandle[Any, Any], call: str, approved: bool, expected: str, look: str
) -> str:
    """As :func:`decisions.decide`, without letting time pass on the server for tests.

    Raises:
        NotYet: the answer is neither accepted nor refused, or the run's code fails.
    """
    try:
        refusal = await decide_now(handle, call, approved)
    except TimeoutError:
        raise _slip(handle, expected, look) or NotYet(
            expected, "it is neither accepted nor refused", look
        ) from None
    # A step whose code failed is begun again from the start, where nothing waits yet.
    if refusal and (problem := _slip(handle, expected, look)):
        raise problem
    return refusal


def _slip(handle: WorkflowHandle[Any, Any], expected: str, look: str) -> NotYet | None:
    problem = code_failure(handle, expected, look)
    if problem and (call := re.search(r"KeyError: '([\w-]+)'", problem.got)):
        got = f"{problem.got}: `decision` has ended its wait, and nobody has decided {call[1]}"
        return NotYet(problem.expected, got, problem.look)
    return problem


async def need_end_now(handle: WorkflowHandle[Any, Any], look: str) -> None:
    """Wait for the end of a run without letting time pass on the server for tests.

    Raises:
        NotYet: it goes on, or its code fails.
    """
    for _ in range(int(PATIENCE / 0.05)):
        status = (await handle.describe()).status
        if status is not None and status.name != "RUNNING":
            return
        await asyncio.sleep(0.05)
    raise code_failure(handle, "the run to go on", look) or NotYet(
        "the agent to go on as soon as somebody has answered", "it waits until the time is up", look
    )


async def need_paid_now(handle: WorkflowHandle[Any, Any], look: str) -> None:
    """Wait until a run that has a yes has begun to pay, without letting time pass.

    Raises:
        NotYet: it does not, or its code fails.
    """
    for _ in range(int(PATIENCE / 0.05)):
        if "pay_relief" in await scheduled_activities(handle):
            return
        await asyncio.sleep(0.05)
    raise code_failure(handle, "a payment to be made", look) or NotYet(
        "a payment to be made as soon as somebody has said yes",
        "no payment: `decision` waits, until the time is up or for other calls, or what it gives is no yes",
        look,
    )


async def need_cancelled(handle: WorkflowHandle[Any, Any], look: str) -> None:
    """Wait for the end of a run that was cancelled while it waited for an answer.

    Raises:
        NotYet: it goes on, or ends in another way.
    """
    expected = "a run that is cancelled while it waits to end as cancelled"
    for _ in range(int(PATIENCE / 0.05)):
        status = (await handle.describe()).status
        if status is not None and status.name == "CANCELED":
            return
        if status is not None and status.name != "RUNNING":
            raise NotYet(expected, f"it {status.name.lower()}", look)
        await asyncio.sleep(0.05)
    raise code_failure(handle, expected, look) or NotYet(expected, "it goes on", look)


async def until_pending(handle: WorkflowHandle[Any, Any], call: str, expected: str, look: str) -> list[str]:
    """As :func:`decisions.pending`, on a server whose time stands still as long as nobody waits for a result.

    Raises:
        NotYet: the call does not come to wait; why.
    """
    until = time.monotonic() + PATIENCE / 2
    while time.monotonic() < until:
        if problem := code_failure(handle, expected, look):
            raise problem
        waiting = await listed(handle)
        if call in waiting:
            return waiting
        status = (await handle.describe()).status
        if status is not None and status.name != "RUNNING":
            result = await end_of(handle, expected, look)
            raise NotYet(expected, f"the run completed before that: {shorten(str(result), 120)}", look)
        await asyncio.sleep(0.05)
    raise NotYet(
        expected,
        f"it still waits: `pending` lists {', '.join(waiting)}" if waiting else "nothing waits",
        look,
    )


async def end_of(handle: WorkflowHandle[Any, Any], expected: str, look: str) -> Any:
    """The result of a run on a server for tests.

    Raises:
        NotYet: there is none; why.
    """
    from temporalio.client import WorkflowFailureError

    try:
        return await asyncio.wait_for(handle.result(), PATIENCE)
    except WorkflowFailureError as error:
        raise NotYet(expected, f"it failed: {root_of(error)}", look) from None
    except TimeoutError:
        raise code_failure(handle, expected, look) or NotYet(expected, "it goes on", look) from None


async def listed(handle: WorkflowHandle[Any, Any]) -> list[str]:
    """The ids that the query lists now; nothing where it cannot be asked yet."""
    from temporalio.client import WorkflowQueryFailedError
    from temporalio.service import RPCError

    try:
        return [one["call_id"] for one in await handle.query("pending", rpc_timeout=timedelta(seconds=2))]
    except (WorkflowQueryFailedError, RPCError):
        return []
