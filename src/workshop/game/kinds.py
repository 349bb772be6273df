"""The kinds of fault: each breaks one department of the fleet, in its code, its workers, its input or around it."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Literal

Stage = Literal["", "limit", "down", "version"]
"""What is done outside the files: a limit at the queue, a service that is down, a version that has lost its workers."""

BROKEN = 6
"""How many kinds one day has."""


@dataclass(frozen=True)
class Kind:
    """One kind of fault.

    Attributes:
        name: Its short name.
        department: Which department it breaks.
        told: What is broken, for when the day is over.
        file: The file that it changes; empty for none.
        old: A text in that file.
        new: What takes its place.
        stage: What is done besides.
        input: What one more run of that department is given; that run may end without a result.
        ends: Whether that department's runs may end without a result, as no repair can give them one.
    """

    name: str
    department: str
    told: str
    file: str = ""
    old: str = ""
    new: str = ""
    stage: Stage = ""
    input: str = ""
    ends: bool = False


KINDS = (
    Kind(
        "typo",
        "briefings",
        "a typo was deployed: the workflow calls a function that there is not",
        file="briefings.py",
        old="return headline(str",
        new="return headlin(str",
    ),
    Kind(
        "no worker",
        "nights",
        "no worker serves the queue",
        file="workers.toml",
        old='"briefings", "nights", "poems"',
        new='"briefings", "poems"',
    ),
    Kind(
        "poisoned input",
        "places",
        "one run was given something that is no address, and its activity is tried for ever",
        input="the harbour",
    ),
    Kind(
        "blocking tool",
        "harbours",
        "a tool blocks its whole worker: `time.sleep` in an async activity",
        file="harbours.py",
        old="    await asyncio.sleep(PAUSE)",
        new="    time.sleep(PAUSE * 6000)",
    ),
    Kind(
        "low limit", "surveys", "the queue's limit lets one activity through in some minutes", stage="limit"
    ),
    Kind(
        "lost version",
        "watch",
        "the run is pinned to v1, and all workers are of v2",
        stage="version",
    ),
    Kind(
        "old key",
        "translations",
        "the worker has a key that has expired",
        file="workers.toml",
        old='"translations", "visits"]',
        new='"translations", "visits"]\nenv = { OTHER_API_KEY = "last-year" }',
    ),
    Kind(
        "service gone",
        "visits",
        "the service is down for good, and the activity is tried for ever",
        stage="down",
        ends=True,
    ),
    Kind(
        "uncaught guardrail",
        "poems",
        "a guardrail trips, and no `failure_exception_types` lets it end the run",
        file="poems.py",
        old="@workflow.defn(failure_exception_types=[AgentsException])",
        new="@workflow.defn",
    ),
    Kind(
        "payload too large",
        "archive",
        "an activity returns more than one payload may hold",
        file="archive.py",
        old="return found[:500]",
        new="return found * 20_000",
    ),
    Kind(
        "stuck saga",
        "refunds",
        "the step that gives the money back fails: a name is misspelt in it",
        file="refunds.py",
        old='await bank.deposit(order.customer, order.amount, key=f"{order.number}-back")',
        new='await bank.deposit(order.costumer, order.amount, key=f"{order.number}-back")',
    ),
    Kind(
        "history limit",
        "letters",
        "a run has come near the limit of its history, and fails where it hands over to a new one; "
        "without that step, the server ends it at the limit",
        file="letters.py",
        old="workflow.continue_as_new(args=[people[number:], posted])",
        new="workflow.continue_as_new(people[number:], posted)",
    ),
)


def kinds_of(seed: int) -> list[Kind]:
    """The six kinds of one day; the same seed gives the same day."""
    # Not hash(), nor anything that differs from machine to machine.
    return random.Random(f"game day {seed}").sample(KINDS, BROKEN)  # noqa: S311


__all__ = ["BROKEN", "KINDS", "Kind", "kinds_of"]
