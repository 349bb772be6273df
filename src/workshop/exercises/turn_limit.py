"""A sentence of the learner's for a run whose turns are used up: the SDK's own message is none."""

from __future__ import annotations

from collections.abc import Sequence

from workshop.checks.bench import NotYet


def note_turn_limits() -> list[str]:
    """In the child: the messages of all MaxTurnsExceeded that are made from now on, as they come."""
    from agents import MaxTurnsExceeded

    messages: list[str] = []
    make = MaxTurnsExceeded.__init__

    def noted(self: MaxTurnsExceeded, message: str) -> None:
        messages.append(message)
        make(self, message)

    MaxTurnsExceeded.__init__ = noted  # type: ignore[method-assign]
    return messages


def judge_own_words(said: str, messages: Sequence[str], look: str) -> None:
    """The SDK's message may stand in the learner's sentence, with some words of the learner's around it.

    Raises:
        NotYet: it stands alone, or nearly so.
    """
    for message in messages:
        if message in said and len(said.replace(message, "").split()) < 2:
            raise NotYet("a sentence of your own on the turn limit", f"the SDK's own message: {said!r}", look)
