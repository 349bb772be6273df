"""Why a workflow has no result yet, said in a few lines that end with what would help."""

from __future__ import annotations

import re
from typing import Literal

from temporalio.api.failure.v1 import Failure

from workshop.errors import LabError
from workshop.lab.processes import all_processes
from workshop.runs.events import CodeLine, own_line, own_line_of_text, shorten, typed_cause_of

LONGEST_CAUSE = 400
"""Characters of a failure's own message that are shown."""

Reason = Literal[
    "workflow code fails",
    "no worker",
    "activity is retrying",
    "activity is running",
    "waiting",
    "workflow task is running",
    "server does not answer",
]


class NoResultYet(LabError):
    """A workflow has no result so far; the message says why, and what would help.

    Attributes:
        reason: Why, in a few fixed words.
        line: The line of your own code that failed; None if none did.
    """

    def __init__(self, reason: Reason, *told: str, line: CodeLine | None = None) -> None:
        super().__init__("\n".join(told))
        self.reason = reason
        self.line = line


def code_fails(workflow: str, workflow_id: str, failure: Failure, *, stale: bool) -> NoResultYet:
    """The workflow's own code fails.

    Args:
        workflow: Its type.
        workflow_id: Its id, to find it in the log of a worker.
        failure: The first failure, which is the one that the history keeps.
        stale: Whether another worker has come since.
    """
    cause, line = typed_cause_of(failure), own_line(failure)
    logged = _from_worker_output(workflow_id)
    if logged is not None:
        cause, line = logged
    head = f"The code of {workflow} fails, each time Temporal has it tried again:"
    if stale and logged is None:
        head = f"The code of {workflow} still fails. Its first failure was (see the worker's log):"
    told = [head, f"  {shorten(cause, LONGEST_CAUSE)}"]
    if line is not None:
        told.append(f"  {line}")
    told.append("Nothing is lost: correct the file and restart the worker, and it goes on from here.")
    return NoResultYet("workflow code fails", *told, line=line)


def no_worker(name: str, queue: str, *, was_there: bool) -> NoResultYet:
    """Nobody takes work from a task queue.

    Args:
        name: What waits there, in words.
        queue: The task queue.
        was_there: Whether a worker has taken from it lately.
    """
    head = (
        f"No worker takes work from the task queue {queue!r} any more: the last one has stopped."
        if was_there
        else f"No worker polls the task queue {queue!r}."
    )
    return NoResultYet(
        "no worker",
        head,
        f"  {name} waits there.",
        "Nothing is lost: start a worker for this queue, and it goes on.",
    )


def _from_worker_output(workflow_id: str) -> tuple[str, CodeLine | None] | None:
    """The latest failure of this workflow's code in the log of a worker that this notebook started.

    The history keeps only the first failure of a task; after a repair that was not one, the log knows more.
    """
    head = re.compile(rf"Failed activation on workflow .* with ID {re.escape(workflow_id)} and run ID .*\n")
    for process in reversed(all_processes().values()):
        if not process.running:
            continue
        output = process.output()
        found = list(head.finditer(output))
        if not found:
            continue
        lines = output[found[-1].end() :].splitlines()
        for n, text in enumerate(lines):
            # The traceback ends with its first line that is neither indented nor a heading.
            if n and text and not text[0].isspace() and not text.endswith(":"):
                return text.strip(), own_line_of_text("\n".join(lines[:n]))
    return None


__all__ = ["LONGEST_CAUSE", "NoResultYet", "Reason", "code_fails", "no_worker"]
