"""Why a workflow has no result yet, said in a few lines that end with what would help."""

from __future__ import annotations

from typing import Literal

from workshop.errors import LabError
from workshop.lab.registry import deaths
from workshop.runs.events import CodeLine

LONGEST_CAUSE = 400
"""Characters of a failure's own message that are shown."""

Reason = Literal[
    "workflow code fails",
    "next attempt comes later",
    "no worker",
    "too large",
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

    def also(self, *told: str) -> NoResultYet:
        """The same, and more lines."""
        return NoResultYet(self.reason, str(self), *told, line=self.line)


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
        *deaths(),
        "Nothing is lost: start a worker for this queue, and it goes on.",
    )


__all__ = ["LONGEST_CAUSE", "NoResultYet", "Reason", "no_worker"]
