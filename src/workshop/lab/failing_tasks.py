"""A workflow task that fails: since when, what the next attempt waits for, and what may have been mended since."""

from __future__ import annotations

import itertools
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

from temporalio.api.enums.v1 import PendingWorkflowTaskState
from temporalio.api.history.v1 import HistoryEvent

from workshop.lab.no_result import LONGEST_CAUSE, NoResultYet
from workshop.lab.observed import Observed
from workshop.lab.registry import known
from workshop.lab.task_retries import held_for
from workshop.lab.too_large import task_too_large, told_of_task
from workshop.runs.causes import Options, no_options, told_chain
from workshop.runs.events import CodeLine, duration, one_line, own_line, own_line_of_text, seconds_of, shorten

_LONG_AGO = 30.0
"""Seconds from which on a failure's age is told; a lesson's output that is stored has none."""

_LONGEST_MESSAGE = 8
"""Lines of an error's message that are read from a log."""

_NEXT_ENTRY = re.compile(r"Failed |Traceback |\x1b\[|\d{4}-\d\d-\d\dT|[A-Z]+:")
"""How a log goes on after an error: with the next failure, or a line of the SDK's core or of ``logging``."""


@dataclass(frozen=True)
class FailingTask:
    """One look at a workflow task that has failed and is being tried again.

    Attributes:
        seen: The workflow.
        event: The first failure, which is the one that the history keeps.
        came: When the latest worker came that is not the one of the first failure, in seconds since 1970; None
            if none did.
        options: Knows the timeouts of its activities.
    """

    seen: Observed
    event: HistoryEvent
    came: float | None
    options: Options = no_options

    @classmethod
    async def of(cls, seen: Observed) -> Self | None:
        """What fails there; None if nothing does.

        Raises:
            RPCError: the server does not answer.
        """
        event = await seen.failed_task() if seen.task is not None else None
        if event is None:
            return None
        came = await seen.another_since(event.workflow_task_failed_event_attributes.identity)
        return cls(seen, event, came, await seen.activity_options())

    @property
    def _task(self) -> Any:
        return self.seen.task

    @property
    def begun(self) -> float:
        """When the present attempt was given to a worker, or became due, in seconds since 1970."""
        started = self._task.state == PendingWorkflowTaskState.PENDING_WORKFLOW_TASK_STATE_STARTED
        return seconds_of(self._task.started_time if started else self._task.scheduled_time)

    @property
    def running(self) -> float:
        """For how many seconds the present attempt has been running."""
        return time.time() - self.begun

    @property
    def due(self) -> tuple[float, float]:
        """When the next attempt comes if this one is not answered: the earliest and the latest moment."""
        least, most = held_for(self._task.attempt, self.seen.task_timeout)
        return self.begun + least, self.begun + most

    @property
    def perhaps_mended(self) -> bool:
        """Whether a worker has come since the present attempt began: its code has not been tried yet."""
        return self.came is not None and self.came > self.begun

    def logged(self) -> tuple[str, CodeLine | None] | None:
        """The latest failure of this workflow in the log of a worker that this notebook runs.

        The history keeps only the first failure of a task; after a repair that was not one, the log knows more.
        """
        head = re.compile(
            rf"Failed activation on workflow .* with ID {re.escape(self.seen.id)} and run ID .*\n"
        )
        for process in reversed(known().values()):
            output = process.output() if process.running else ""
            found = list(head.finditer(output))
            if not found:
                continue
            lines = output[found[-1].end() :].splitlines()
            for n, text in enumerate(lines):
                # The traceback ends with its first line that is neither indented nor a heading.
                if n and text and not text[0].isspace() and not text.endswith(":"):
                    return one_line(_message(lines[n:])), own_line_of_text("\n".join(lines[:n]))
        return None

    def told(self) -> NoResultYet:
        """Say what fails, since when, what has changed, and what would help."""
        failure = self.event.workflow_task_failed_event_attributes.failure
        kept = told_chain(failure, self.options), own_line(failure)
        logged = None if self.perhaps_mended else self.logged()
        if task_too_large(self.event) and not self.perhaps_mended and logged is None:
            return told_of_task(self.seen.workflow)
        # Of one and the same failure the history knows more: the whole message, and the activity.
        cause, line = kept if logged is None or logged[0] in kept[0] else logged
        ago = f"{duration(round(time.time() - seconds_of(self.event.event_time)))} ago"
        coming = _in_about(self.due[1])
        told = [f"  {shorten(cause, LONGEST_CAUSE)}", *([f"  {line}"] if line is not None else [])]
        if self.perhaps_mended:
            return NoResultYet(
                "next attempt comes later",
                f"{self.seen.workflow} failed {ago}, and a worker has been started since:",
                *told,
                f"Temporal tries it again {coming}; `await lab.retry_task(handle)` tries it at once.",
                line=line,
            )
        head = f"The code of {self.seen.workflow} fails each time Temporal tries it again:"
        if self.came is not None and logged is None:
            head = (
                f"The code of {self.seen.workflow} still fails. Its first failure was (see the worker's log):"
            )
        if time.time() - seconds_of(self.event.event_time) > _LONG_AGO:
            told.append(f"It first failed {ago}; the next attempt starts {coming}.")
        told.append(
            "Nothing is lost: correct the file and restart the worker, and the run goes on from here."
        )
        told.append("Then `await lab.retry_task(handle)` tries it again at once.")
        return NoResultYet("workflow code fails", head, *told, line=line)


def _message(lines: Sequence[str]) -> str:
    """An error's message, which may have several lines, from where a log begins to show it."""
    told = list(
        itertools.takewhile(lambda text: text and not _NEXT_ENTRY.match(text), lines[1:_LONGEST_MESSAGE])
    )
    return "\n".join([lines[0], *told])


def _in_about(moment: float) -> str:
    left = round(moment - time.time())
    return f"within {duration(left)}" if left > 0 else "any moment"


__all__ = ["FailingTask"]
