"""``await lab.result(handle)``: a workflow's result, or within seconds an account of why there is none.

``await lab.answer(handle, handle.execute_update(...))`` is the same for the answer to a message.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable
from typing import Any, Literal, TypeVar

from temporalio.client import WorkflowFailureError, WorkflowHandle
from temporalio.exceptions import CancelledError, FailureError, TerminatedError
from temporalio.exceptions import TimeoutError as TemporalTimeout
from temporalio.service import RPCError

from workshop.errors import LabError
from workshop.lab.failing_tasks import FailingTask
from workshop.lab.fault_words import active_faults
from workshop.lab.no_result import LONGEST_CAUSE, NoResultYet
from workshop.lab.observed import Observed
from workshop.lab.task_retries import run_after_reset
from workshop.lab.watching import Watch
from workshop.runs.causes import Options, told_chain
from workshop.runs.errors import unanswered
from workshop.runs.events import CodeLine, duration, own_line, shorten

_LOOK_EVERY = 0.25
"""Seconds between looks at what the workflow does; a look costs the server about a millisecond."""

_MOST_EXTRA = 15.0

Result = TypeVar("Result")


class WorkflowFailed(LabError):
    """A workflow ended without a result: it failed, timed out, or was cancelled or terminated.

    Attributes:
        how: How it ended.
        line: The line of your own code that failed; None if none did.
    """

    def __init__(
        self,
        how: Literal["failed", "timed out", "cancelled", "terminated"],
        *told: str,
        line: CodeLine | None = None,
    ) -> None:
        super().__init__("\n".join(told))
        self.how = how
        self.line = line


async def result(handle: WorkflowHandle[Any, Result], *, timeout: float = 10.0) -> Result:
    """Wait for a workflow's result, and say within seconds why there is none if there is none.

    A run that was continued as new, or reset, is followed to its last run. What waiting alone will not mend is reported
    at once: workflow code that fails at every attempt, and a task queue that no worker polls.

    Args:
        handle: The workflow, as ``client.start_workflow`` or ``client.get_workflow_handle`` return it.
        timeout: Seconds to wait. Where Temporal is about to hand the work of a lost worker to one that is
            there, which it does after ten seconds by default, up to 15 seconds more.

    Returns:
        What the workflow returned.

    Raises:
        NoResultYet: it still runs; the message says what it is at, and what would help.
        WorkflowFailed: it ended without a result; the message names the root cause.
        LabError: there is no such workflow.
    """
    try:
        while True:
            try:
                return await _watched(handle, handle.result(), timeout)
            except WorkflowFailed as error:
                later = await run_after_reset(handle) if error.how == "terminated" else None
                if later is None:
                    raise
                handle = later
    except RPCError as error:
        raise unanswered(error, handle.id) from None


async def answer(
    handle: WorkflowHandle[Any, Any], update: Awaitable[Result], *, timeout: float = 30.0
) -> Result:
    """Wait for the answer to an update, and say within seconds why there is none if there is none.

    Args:
        handle: The workflow.
        update: What ``handle.execute_update(...)`` returns.
        timeout: As for :func:`result`.

    Returns:
        What the update's handler returned.

    Raises:
        NoResultYet: it is not answered yet; the message says what the workflow is at, and what would help.
        WorkflowUpdateFailedError: the update was refused.
        RPCError: the workflow has ended.
    """
    try:
        return await _watched(handle, update, timeout)
    except NoResultYet as error:
        if error.reason != "waiting":
            raise
        # Before a worker has accepted it, the server shows nothing of it.
        told = (
            f"There is no answer after {duration(timeout)}.",
            "An update waits for a worker: is one running?",
        )
        raise NoResultYet("waiting", *told, *active_faults()) from None
    except RPCError:
        # After some failed attempts at a workflow task the server takes no more updates.
        seen = Observed(handle)
        await seen.look()
        failing = await FailingTask.of(seen)
        if failing is None:
            raise
        raise failing.told() from None


async def _watched(handle: WorkflowHandle[Any, Any], awaited: Awaitable[Result], timeout: float) -> Result:
    waiter = asyncio.ensure_future(awaited)
    watch = Watch(handle, timeout)
    patience = deadline = time.monotonic() + timeout
    try:
        while True:
            await asyncio.wait({waiter}, timeout=min(_LOOK_EVERY, max(0.0, deadline - time.monotonic())))
            if waiter.done():
                return await _outcome(waiter, watch)
            hopeless = await watch.look()
            now = time.monotonic()
            late = now - deadline
            if hopeless is None and late >= 0:
                if late < _MOST_EXTRA and await watch.about_to_go_on(late):
                    # Once another worker has the work, the run still needs the time that was asked for.
                    patience = min(now + timeout, deadline + _MOST_EXTRA)
                elif now >= patience:
                    hopeless = await watch.account(timeout)
            # Looking took a moment, in which the result may have come.
            if waiter.done():
                return await _outcome(waiter, watch)
            if hopeless is not None:
                raise hopeless.also(*active_faults())
            if late >= 0:
                await asyncio.wait({waiter}, timeout=_LOOK_EVERY)
    finally:
        waiter.cancel()
        # Cancelled, an update ends in an error of its own, which Python would print when nobody asks for it.
        waiter.add_done_callback(lambda ended: ended.cancelled() or ended.exception())


async def _outcome(waiter: asyncio.Future[Result], watch: Watch) -> Result:
    try:
        return waiter.result()
    except WorkflowFailureError as error:
        await watch.look()  # for the workflow's name, if it ended before the first look
        raise _failed(error, watch.workflow, await watch.activity_options()) from error


def _failed(error: WorkflowFailureError, workflow: str, options: Options) -> WorkflowFailed:
    cause = error.cause
    if isinstance(cause, CancelledError):
        return WorkflowFailed("cancelled", f"{workflow} was cancelled.")
    if isinstance(cause, TerminatedError):
        why = cause.message.rstrip(".") or "no reason given"
        return WorkflowFailed("terminated", f"{workflow} was terminated: {why}.")
    if isinstance(cause, TemporalTimeout):
        return WorkflowFailed("timed out", f"{workflow} did not finish within the time it was given.")
    failure = cause.failure if isinstance(cause, FailureError) else None
    why = told_chain(failure, options) if failure is not None else str(cause)
    line = own_line(failure) if failure is not None else None
    told = [f"{workflow} failed: {shorten(why, LONGEST_CAUSE)}"]
    return WorkflowFailed("failed", *told, *([f"  {line}"] if line else []), line=line)


__all__ = ["WorkflowFailed", "answer", "result"]
