"""What one agent is given of another: the answer, and nothing of the conversation that led to it."""

from __future__ import annotations

from collections.abc import Sequence

from workshop.checks.agent_runs import items_of, text_of
from workshop.checks.bench import NotYet
from workshop.checks.histories import ActivityRun
from workshop.checks.outcomes import shorten


def need_answers_alone(given: str, answers: Sequence[str], calls: Sequence[ActivityRun], look: str) -> None:
    """Make sure that a text holds no question and no tool's output besides the answers.

    A few words of the learner's own, such as "Shorten this:", may go with them.

    Args:
        given: The text.
        answers: What it may hold of the conversations.
        calls: The model calls that led to the answers.
        look: Where to look if it holds more.

    Raises:
        NotYet: it does; with what else it holds.
    """
    for answer in answers:
        given = given.replace(answer.strip(), "")
    for call in calls:
        for item in items_of(call):
            if (said := text_of(item).strip()) and said in given:
                raise NotYet(
                    "the editor to be given what the weather agent answered, and nothing else of the conversation",
                    f"it was given this as well: {shorten(said, 80)!r}",
                    look,
                )
