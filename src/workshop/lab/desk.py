"""``await lab.approvals(handle)``: what a run waits for a person to decide, with a button for yes and one for no."""

from __future__ import annotations

import asyncio
import contextlib
import html
import os
import time
import uuid
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import psutil

from workshop.errors import LabError, LabTimeout
from workshop.lab.cases import STATES, Case, Said, case_of
from workshop.lab.panel_words import variable

if TYPE_CHECKING:
    from temporalio.client import WorkflowHandle
    from temporalio.service import RPCError

    from workshop.lab.desk_face import Face

_LOOK_EVERY = 0.5
_LONGEST_SECONDS = 30 * 60
_FIRST_CALL = 20.0
"""Seconds within which a run should ask for something, or end."""

_ANSWER = timedelta(seconds=5)
"""For one query or update; a worker that is there needs milliseconds."""

_NOBODY = "no worker answers{where}; start one, and it goes on"
_SILENT = "its worker is running (pid {pid}) but does not answer; the end of its log may say why"


@dataclass
class Desk:
    """What one run waits for. Made by :func:`approvals`; a cell that ends with it shows it.

    The workflow has a query that lists what is pending, each with ``call_id``, ``name`` and ``arguments``, and an
    update that takes a ``call_id`` and a bool.
    """

    handle: WorkflowHandle[Any, Any]
    query: str
    update: str
    cases: dict[str, Case] = field(default_factory=dict)
    ended: str = ""
    problem: str = ""
    silent: bool = False
    said: Said = field(default_factory=Said)
    _face: Face | None = None
    _task: asyncio.Task[None] | None = None
    _loop: asyncio.AbstractEventLoop | None = None

    @property
    def waiting(self) -> list[Case]:
        """What waits for a decision now."""
        return [case for case in self.cases.values() if case.state in ("waiting", "asking")]

    def first(self) -> Case:
        """The first call that the run has asked about.

        Raises:
            LabError: it has not asked about any.
        """
        if not self.cases:
            how = f"It has {self.ended}" if self.ended else "It goes on"
            raise LabError(f"This run has not asked for a decision. {how} without one.")
        return next(iter(self.cases.values()))

    async def look(self) -> None:
        """Ask the run what is pending. It raises nothing: what stands in the way is shown."""
        from temporalio.client import WorkflowQueryFailedError, WorkflowQueryRejectedError
        from temporalio.service import RPCError, RPCStatusCode

        problem, silent = "", False
        try:
            status = (await self.handle.describe(rpc_timeout=_ANSWER)).status
            self.ended = "" if status is None or status.name == "RUNNING" else _words(status.name)
            pending = [] if self.ended else await self.handle.query(self.query, rpc_timeout=_ANSWER)
        except (WorkflowQueryFailedError, WorkflowQueryRejectedError) as error:
            missing = "expected but not found" in str(error)
            problem = f"the workflow has no query {self.query!r}" if missing else str(error)
        except RPCError as error:
            late = error.status in (RPCStatusCode.DEADLINE_EXCEEDED, RPCStatusCode.CANCELLED)
            silent = late or _is_busy(error)
            problem = await self._why_silent() if silent else error.message
        else:
            self._note(pending)
        # Not before: what was known stands until something else is.
        self.problem, self.silent = problem, silent

    async def _why_silent(self) -> str:
        """Who does not answer: a worker that is there, or none."""
        from temporalio.service import RPCError

        from workshop.lab.observed import Observed, pid_of

        seen = Observed(self.handle)
        try:
            await seen.look()
            pollers = await seen.pollers(seen.task_queue, of_workflow=True)
        except RPCError:
            return _NOBODY.format(where="")
        for poller in pollers:
            # The server lists a dead one for a while; this kernel's own number says nothing of a worker.
            pid = pid_of(poller.identity)
            if pid and pid != os.getpid() and psutil.pid_exists(pid):
                return _SILENT.format(pid=pid)
        return _NOBODY.format(where=f" on the task queue {seen.task_queue!r}")

    def _note(self, pending: list[Any]) -> None:
        now = {case.call_id: case for case in map(case_of, pending)}
        for call_id, case in now.items():
            self.cases.setdefault(call_id, case)
        for call_id, case in self.cases.items():
            if case.state == "waiting" and call_id not in now:
                case.state = "gone"

    async def decide(self, call_id: str, approved: bool) -> None:
        """Do what a button does. It raises nothing: what went wrong is shown.

        A second press on the same call is not sent; and if it were, the workflow would refuse it.
        """
        from temporalio.client import WorkflowUpdateFailedError, WorkflowUpdateRPCTimeoutOrCancelledError
        from temporalio.service import RPCError, RPCStatusCode

        case = self.cases[call_id]
        code = self.code(call_id, approved)
        if case.state == "asking":
            return
        if case.state != "waiting":
            self._say(f"{case.call} is no longer waiting: nothing was sent.", code, failed=True)
            return
        case.state = "asking"
        self._render()
        try:
            await self._send(case, approved, code)
        except WorkflowUpdateFailedError as error:
            case.state = "waiting"
            self._say(f"The workflow refused it: {error.cause}", code, failed=True)
        except WorkflowUpdateRPCTimeoutOrCancelledError:
            case.state = "waiting"
            self._say(
                "No answer came. The decision is not sent again, because it may still take effect.",
                code,
                failed=True,
            )
        except RPCError as error:
            case.state = "waiting"
            over = error.status == RPCStatusCode.NOT_FOUND
            self._say(f"{'Not decided' if over else 'Not known'}: {error.message}.", code, failed=True)
        else:
            case.state = "approved" if approved else "rejected"
            self._say(f"{case.call} was {case.state}.", code)

    async def _send(self, case: Case, approved: bool, code: str) -> None:
        """Send a decision until it is answered, under one id: the server may keep what nobody has answered yet.

        Raises:
            WorkflowUpdateFailedError: the workflow has refused it.
            WorkflowUpdateRPCTimeoutOrCancelledError: this was cancelled, or no worker has answered for very long.
            RPCError: the run is over, or the server is.
        """
        from temporalio.client import WorkflowUpdateRPCTimeoutOrCancelledError

        update_id = str(uuid.uuid4())
        until = time.monotonic() + _LONGEST_SECONDS
        while True:
            try:
                await self.handle.execute_update(
                    self.update, args=[case.call_id, approved], id=update_id, rpc_timeout=_ANSWER
                )
                return
            except WorkflowUpdateRPCTimeoutOrCancelledError as error:
                if isinstance(error.__cause__, asyncio.CancelledError) or time.monotonic() > until:
                    raise
                self._say(f"{case.call} is sent, and not decided yet: {await self._why_silent()}.", code)

    def code(self, call_id: str, approved: bool) -> str:
        """The line that does what a button does."""
        name = variable(lambda value: value is self.handle) or "handle"
        return f'await {name}.execute_update("{self.update}", args=["{call_id}", {approved}])'

    def close(self) -> None:
        """Stop looking; what is shown stays."""
        if self._task is not None:
            self._task.cancel()

    def _press(self, call_id: str, approved: bool) -> None:
        # A kernel may call this from a thread of its own.
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(
                lambda: asyncio.ensure_future(self.decide(call_id, approved), loop=self._loop)
            )

    def _say(self, text: str, code: str, *, failed: bool = False) -> None:
        self.said = Said(text, code, failed)
        self._render()

    def _render(self) -> None:
        if self._face is not None:
            self._face.show(list(self.cases.values()), self.summary(), self.said)

    def _make_live(self) -> None:
        from workshop.lab.desk_face import Face

        self._face = Face(self._press, self.code)
        self._loop = asyncio.get_running_loop()
        self._render()
        self._task = self._loop.create_task(self._watch(), name="approvals")

    async def _watch(self) -> None:
        until = time.monotonic() + _LONGEST_SECONDS
        with contextlib.suppress(asyncio.CancelledError):
            while not self.ended and time.monotonic() < until:
                await asyncio.sleep(_LOOK_EVERY)
                await self.look()
                self._render()

    def summary(self) -> str:
        """How things stand, in one sentence."""
        if self.ended:
            return f"The run has {self.ended}: nothing waits for a decision."
        if self.problem:
            return f"What waits is not known: {self.problem}."
        number = len(self.waiting)
        if not number:
            return "Nothing waits for a decision."
        return f"{number} {'call waits' if number == 1 else 'calls wait'} for a decision."

    def text(self) -> str:
        """What it tells; nothing in it differs between two runs that went the same way."""
        lines = [f"  {case.call}: {STATES[case.state]}" for case in self.cases.values()]
        return "\n".join([f"Approvals: {self.summary()}", *lines])

    def html(self) -> str:
        """The same for a page without widgets."""
        items = [f"<li>{html.escape(case.call)}: {STATES[case.state]}</li>" for case in self.cases.values()]
        note = " The buttons appear when you run this cell." if self.waiting else ""
        return f"<p>{html.escape(self.summary())}{note}</p>\n<ul>\n" + "\n".join(items) + "\n</ul>"

    def __repr__(self) -> str:
        return self.text()

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        bundle: dict[str, Any] = {"text/plain": self.text(), "text/html": self.html()}
        return {**self._face.root._repr_mimebundle_(), **bundle} if self._face is not None else bundle


def _is_busy(error: RPCError) -> bool:
    """Whether the run has not answered an earlier question: for its next workflow task the server keeps only one."""
    from temporalio.api.enums.v1 import ResourceExhaustedCause
    from temporalio.api.errordetails.v1 import ResourceExhaustedFailure

    failure = ResourceExhaustedFailure()
    busy = ResourceExhaustedCause.RESOURCE_EXHAUSTED_CAUSE_BUSY_WORKFLOW
    return any(detail.Unpack(failure) and failure.cause == busy for detail in error.grpc_status.details)


async def approvals(
    handle: WorkflowHandle[Any, Any],
    *,
    query: str = "pending",
    update: str = "decide",
    timeout: float = _FIRST_CALL,
) -> Desk:
    """Show what a run waits for a person to decide, once there is something; as a cell's last line.

    Args:
        handle: The run.
        query: The workflow's query that lists the calls, each with ``call_id``, ``name`` and ``arguments``.
        update: The workflow's update that takes a ``call_id`` and a bool.
        timeout: Seconds to wait until the run asks for something, or ends.

    Raises:
        LabError: the run has no such query, or there is no such run.
        LabTimeout: nothing was asked for in time, and the run goes on.
    """
    desk = Desk(handle, query, update)
    until = time.monotonic() + timeout
    while True:
        await desk.look()
        if desk.waiting or desk.ended:
            break
        if desk.problem and not desk.silent:
            raise LabError(f"lab.approvals: {desk.problem}")
        if time.monotonic() > until:
            raise LabTimeout(
                f"lab.approvals: {desk.problem or 'the run has asked for nothing'} ({timeout:g} s)."
            )
        await asyncio.sleep(0.1)
    if os.environ.get("WORKSHOP_VIEWS") != "static":
        desk._make_live()
    return desk


def _words(status: str) -> str:
    return {"TIMED_OUT": "timed out", "CANCELED": "been cancelled", "TERMINATED": "been terminated"}.get(
        status, status.lower().replace("_", " ")
    )


__all__ = ["Desk", "approvals"]
