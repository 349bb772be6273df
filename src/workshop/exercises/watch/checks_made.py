"""What the model was asked by a watch: check by check, and with how much of the past."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from workshop.checks.agent_runs import MODEL_CALL, asked_in, items_of
from workshop.checks.bench import NotYet
from workshop.checks.histories import ActivityRun
from workshop.checks.outcomes import shorten


@dataclass(frozen=True)
class Asked:
    """One model call.

    Attributes:
        question: What the user had said last.
        before: How many other questions were sent with it.
        starts_with_one: Whether the conversation that was sent begins with a question.
    """

    question: str
    before: int
    starts_with_one: bool


def asked_of(runs: Sequence[ActivityRun]) -> list[Asked]:
    """The model calls of a run, in order."""
    found = []
    for call in [run for run in runs if run.name == MODEL_CALL]:
        roles = [item.get("role") for item in items_of(call)]
        found.append(Asked(asked_in(call), roles.count("user") - 1, roles[:1] == ["user"]))
    return found


def judge_checks(calls: Sequence[Asked], questions: Sequence[str], look: str) -> None:
    """Each check was made once, in order: two calls of the model with its question.

    Raises:
        NotYet: it was not.
    """
    made = [call.question for call in calls]
    wanted = [question for question in questions for _ in range(2)]
    if made == wanted:
        return
    for question, other in zip(made, wanted, strict=False):
        if question != other:
            raise NotYet(f"{shorten(other, 60)!r} to be asked", f"asked was {shorten(question, 60)!r}", look)
    raise NotYet(f"{len(questions)} checks", f"{len(made) / 2:g}", look)
