"""A payload over the server's limit: what it was, how large, and what the limit is.

The server is told only that there was one. How large it was stands in the log of the worker that had it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from temporalio.api.enums.v1 import WorkflowTaskFailedCause
from temporalio.api.history.v1 import HistoryEvent
from temporalio.api.workflow.v1 import PendingActivityInfo

from workshop.lab.no_result import NoResultYet
from workshop.lab.registry import known
from workshop.runs.causes import TOO_LARGE, size_words
from workshop.runs.events import type_of

# As the SDK's core writes them; between the words stand the colours of a terminal.
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_ANY = re.compile(r"exceeded the error limit\..*?\bsize=(?P<size>\d+) limit=(?P<limit>\d+)")
_OF_WORKFLOW = re.compile(
    r'PayloadLimitViolation \{ path: "(?P<path>[^"]*)".*?size: (?P<size>\d+), limit: (?P<limit>\d+)'
)

_PLACES = {
    "schedule_activity_task": "the input of an activity",
    "schedule_local_activity": "the input of a local activity",
    "start_child_workflow": "the input of a child workflow",
    "complete_workflow": "the workflow's result",
    "continue_as_new": "the input of the run that continues it",
}


@dataclass(frozen=True)
class _Logged:
    process: str
    size: int
    limit: int
    path: str = ""

    @property
    def told(self) -> str:
        return (
            f"  {self.size:,} bytes ({size_words(self.size)}); one value may have {self.limit:,}"
            f" ({size_words(self.limit)}). The log of {self.process} says so."
        )


def activity_too_large(one: PendingActivityInfo) -> bool:
    """Whether the latest attempt at an activity failed because of its result's size."""
    return one.HasField("last_failure") and type_of(one.last_failure) == TOO_LARGE


def task_too_large(event: HistoryEvent) -> bool:
    """Whether a workflow task failed because of the size of what the workflow wanted to send."""
    details = event.workflow_task_failed_event_attributes
    too_large = WorkflowTaskFailedCause.WORKFLOW_TASK_FAILED_CAUSE_PAYLOADS_TOO_LARGE
    return details.cause == too_large or type_of(details.failure) == TOO_LARGE


def told_of_activity(workflow: str, one: PendingActivityInfo) -> NoResultYet:
    """Say that no further attempt at an activity will help."""
    name, attempts = one.activity_type.name, one.attempt - 1
    return NoResultYet(
        "too large",
        f"{workflow} cannot go on: what the activity {name} returns is too large for Temporal.",
        size_of_result(),
        f"Attempt {attempts} has failed, and every further one would fail too. Nothing is lost: let {name} return"
        " less, "
        "or only a reference to the data, and restart the worker.",
    )


def told_of_task(workflow: str) -> NoResultYet:
    """Say that no further attempt at a workflow task will help."""
    found = _logged(of_workflow=True)
    what = "something that it sends"
    if found is not None:
        what = next((words for part, words in _PLACES.items() if part in found.path), what)
    return NoResultYet(
        "too large",
        f"{workflow} cannot go on: {what} is too large for Temporal.",
        found.told if found is not None else _NOT_LOGGED,
        "Every further attempt would fail too. Nothing is lost: send less, or only a reference to the data, "
        "and restart the worker.",
        "Then `await lab.retry_task(handle)` tries it again at once.",
    )


def size_of_result() -> str:
    """How large the latest result was that was too large, and where that is said."""
    found = _logged(of_workflow=False)
    return found.told if found is not None else _NOT_LOGGED


_NOT_LOGGED = "  The log of its worker says how large it is, and what the limit is (TMPRL1103)."


def _logged(*, of_workflow: bool) -> _Logged | None:
    for process in reversed(known().values()):
        text = _COLOUR.sub("", process.output())
        sent = [
            _Logged(process.name, int(one["size"]), int(one["limit"]), one["path"])
            for one in _OF_WORKFLOW.finditer(text)
        ]
        if of_workflow and sent:
            return sent[-1]
        sizes = {one.size for one in sent}
        # What a workflow sends is logged like this as well, just before.
        returned = [one for one in _ANY.finditer(text) if int(one["size"]) not in sizes]
        if not of_workflow and returned:
            return _Logged(process.name, int(returned[-1]["size"]), int(returned[-1]["limit"]))
    return None


__all__ = ["activity_too_large", "size_of_result", "task_too_large", "told_of_activity", "told_of_task"]
