"""``show.growth(aside, goal)``: a line that follows a long run in the background, turn by turn."""

from __future__ import annotations

import os

from workshop.lab.asides import Aside
from workshop.view.document import Paragraph, View
from workshop.view.live import LiveView
from workshop.view.wording import count


def growth(aside: Aside, goal: int) -> View | LiveView:
    """How many turns have been paid; live, unless views are to be static."""
    if os.environ.get("WORKSHOP_VIEWS") == "static":
        return View(
            "growth", [Paragraph(f"It has begun. In a notebook that runs, this line counts to {goal:,}.")]
        )
    return LiveView(lambda: read_growth(aside, goal))


def read_growth(aside: Aside, goal: int) -> View:
    """The line as of now.

    Raises:
        GatewayError: the gateway does not answer.
    """
    model = aside.meter().model
    repeats = count(model.repeats, "repeat") if model.repeats else "no repeats"
    line = f"Turn {model.completed + model.in_flight:,} of {goal:,}. Paid: {model.completed:,}, {repeats}."
    return View("growth", [Paragraph(f"{line} Tokens in: {model.input_tokens:,}.")])


__all__ = ["growth", "read_growth"]
