"""The runs of the fleet: two or three of each department, and one that merely waits for a person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from workshop.game.kinds import Kind

ACCOUNTS = {"ann": 100, "ben": 100, "bakery": 0}
"""What the bank's accounts hold when the day begins."""

SETTLED = {"ann": 70, "ben": 100, "bakery": 30}
"""What they hold once each payment has ended: the bakery was paid, and the closed shop's customer has it back."""


READERS = [f"reader {n}" for n in range(1, 25)]
"""Too many for one run's history, as the day's server limits it; see ``day._CONFIG``."""


@dataclass(frozen=True)
class Run:
    """One run of the fleet.

    Attributes:
        id: The workflow's id.
        department: Whose it is; also the name of its queue.
        workflow: The workflow's type.
        arguments: What it is given.
        fails: Whether it fails, as it should, in a fleet where nothing is broken.
        waits: Whether it waits for a person, and so is not to be ended.
    """

    id: str
    department: str
    workflow: str
    arguments: tuple[Any, ...]
    fails: bool = False
    waits: bool = False


def _payment(customer: str, shop: str, number: str) -> dict[str, Any]:
    return {"customer": customer, "shop": shop, "amount": 30, "number": number}


RUNS = (
    Run("alerts-1", "alerts", "AlertsDesk", ("Are there any weather alerts in California?",)),
    Run("alerts-2", "alerts", "AlertsDesk", ("Are there any weather alerts in Texas?",)),
    Run("approvals-1", "approvals", "Approval", ("Close the harbour?",), waits=True),
    Run("approvals-2", "approvals", "Approval", ("Send everybody home?",), waits=True),
    Run("archive-1", "archive", "LookUp", ("bees in winter",)),
    Run("archive-2", "archive", "LookUp", ("rivers",)),
    Run("briefings-1", "briefings", "Briefing", ("the sea",)),
    Run("briefings-2", "briefings", "Briefing", ("autumn",)),
    Run("harbours-1", "harbours", "HarbourDesk", ("Are there any weather alerts in Hawaii?",)),
    Run("letters-1", "letters", "Letters", (["Ada", "Emil"],)),
    Run("letters-2", "letters", "Letters", (READERS,)),
    Run("nights-1", "nights", "NightDesk", ("Are there any weather alerts in Florida?",)),
    Run("nights-2", "nights", "NightDesk", ("Are there any weather alerts in Colorado?",)),
    Run("places-1", "places", "Place", ("8.8.8.8",)),
    Run("places-2", "places", "Place", ("1.1.1.1",)),
    Run("poems-1", "poems", "Poem", ("Write about rain.",)),
    Run("poems-2", "poems", "Poem", ("What is 12 times 12?",), fails=True),
    Run("refunds-1", "refunds", "Payment", (_payment("ann", "bakery", "order-1"),)),
    Run("refunds-2", "refunds", "Payment", (_payment("ben", "closed shop", "order-2"),)),
    Run("surveys-1", "surveys", "Survey", ("sunny all day",)),
    Run("surveys-2", "surveys", "Survey", ("rather windy",)),
    Run("surveys-3", "surveys", "Survey", ("do not know",)),
    Run("translations-1", "translations", "Translation", ("Write about snow.",)),
    Run("visits-1", "visits", "Visit", ("Vera",)),
    Run("visits-2", "visits", "Visit", ("Omar",)),
    Run("watch-1", "watch", "Watch", ("the bay", 6)),
)


def runs_of(kinds: list[Kind]) -> list[Run]:
    """The runs of a day: a department with poisoned input has one more."""
    workflows = {run.department: run.workflow for run in RUNS}
    poisoned = [
        Run(f"{kind.department}-3", kind.department, workflows[kind.department], (kind.input,))
        for kind in kinds
        if kind.input
    ]
    return [*RUNS, *poisoned]


def may_end(run: Run, kinds: list[Kind]) -> bool:
    """Whether a run may end without a result: it fails anyway, or no repair can give it one."""
    hopeless = (
        (kind.ends or run.arguments == (kind.input,)) and kind.department == run.department for kind in kinds
    )
    return run.fails or any(hopeless)


__all__ = ["ACCOUNTS", "READERS", "SETTLED", "Run", "may_end", "runs_of"]
