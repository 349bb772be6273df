"""Input that no answer can know beforehand: drawn anew for each learner, and the same each time a check is repeated.

A check tries an answer with the lesson's example, and again with what it draws here, so that a result written down for
the example does not pass. What is drawn must not be shown with a pass: stored outputs are the same on every machine.
"""

from __future__ import annotations

import getpass
import hashlib
import os
import platform
import random
from collections.abc import Sequence
from typing import TypeVar

from workshop.tools.weather import AREAS

SEED = "WORKSHOP_FRESH_SEED"
"""The environment variable that fixes what is drawn, for a test."""

_NO_STATES = "AS DC FM GU MH MP PR PW VI AM AN GM LC LE LH LM LO LS PH PK PM PS PZ SL"

STATES = tuple(name for code, name in AREAS.items() if code not in _NO_STATES)
"""The fifty states: what else the weather service knows are territories and waters."""

STORMY = ("California", "Colorado", "Texas", "Florida", "Hawaii", "Minnesota")
"""Those of them for which the practice world has alerts, and whose name means nothing else."""

Drawn = TypeVar("Drawn")

_NAMES = """
Ada Amir Bela Carmen Chidi Dora Edith Emil Farah Gustav Hanna Ines Ivan Jonas Juno Karim Leila Lena Marta Milo Nadia
Nils Olga Omar Paula Priya Quentin Rosa Samir Sofia Tariq Tessa Ugo Vera Viktor Wanda Yusuf Zelda
"""

_WORDS = """
amber anchor basil canyon cedar comet copper coral drift ember falcon fjord garnet harbor indigo ivory juniper lantern
linen maple marble meadow nectar olive orchid pebble quartz raven saffron thistle tundra velvet walnut
"""


class Fresh:
    """Draws names, amounts, states and words; nothing twice.

    Args:
        exercise_id: For which exercise: two exercises draw different things.
    """

    def __init__(self, exercise_id: str) -> None:
        seed = os.environ.get(SEED) or f"{_user()}@{platform.node()}"
        # Not hash(), which is another one in each process.
        self._random = random.Random(hashlib.sha256(f"{seed}/{exercise_id}".encode()).digest())  # noqa: S311
        self._drawn: set[object] = set()

    def name(self, *besides: str) -> str:
        """A person's first name, in one word, besides those given and those drawn before."""
        return self._one(_NAMES.split(), besides)

    def names(self, number: int, *besides: str) -> list[str]:
        """Several different names."""
        return [self.name(*besides) for _ in range(number)]

    def amount(self, least: int, most: int, *besides: int) -> int:
        """A whole number from ``least`` to ``most``, besides those given and those drawn before."""
        return self._one(range(least, most + 1), besides)

    def state(self, *besides: str) -> str:
        """The name of one of the fifty states of the USA, besides those given and those drawn before."""
        return self._one(STATES, besides)

    def states(self, number: int, *besides: str) -> list[str]:
        """Several different states."""
        return [self.state(*besides) for _ in range(number)]

    def stormy_state(self, *besides: str) -> str:
        """One of the states for which the practice world has alerts, as :meth:`state` draws it."""
        return self._one(STORMY, besides)

    def word(self) -> str:
        """A word that nothing else in the course says, not drawn before."""
        return self._one(_WORDS.split(), ())

    def text(self) -> str:
        """Three such words: for what has to come through unchanged."""
        return " ".join(self.word() for _ in range(3))

    def alerts_question(self, state: str) -> str:
        """A question about the weather alerts in a state, in words that the lessons do not use."""
        return self._random.choice(
            (
                f"Tell me about any weather alerts in {state}.",
                f"What weather alerts are there in {state}?",
                f"Please look up the weather alerts for {state}.",
            )
        )

    def shuffled(self, values: Sequence[Drawn]) -> list[Drawn]:
        """The values in another order."""
        return self._random.sample(list(values), len(values))

    def _one(self, values: Sequence[Drawn], besides: Sequence[Drawn]) -> Drawn:
        left = [one for one in values if one not in besides and one not in self._drawn]
        drawn = self._random.choice(left)
        self._drawn.add(drawn)
        return drawn


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "learner"
