"""The line that follows a long run."""

from __future__ import annotations

import pytest

from workshop import view as show
from workshop.lab.asides import Aside
from workshop.lab.gateway_client import Meter, ModelCounts
from workshop.view.growing import read_growth
from workshop.view.live import LiveView


class Counted(Aside):
    def __init__(self, **counts: int) -> None:
        self._counts = ModelCounts(**counts)

    def meter(self) -> Meter:
        return Meter(scope="long", mode="practice", model=self._counts)


def test_it_says_what_is_paid() -> None:
    told = read_growth(Counted(completed=1350, in_flight=1, input_tokens=700_000), 1352).text()
    assert told == "Turn 1,351 of 1,352. Paid: 1,350, no repeats. Tokens in: 700,000."
    assert "Paid: 9, 2 repeats." in read_growth(Counted(completed=9, repeats=2), 1352).text()


async def test_it_follows_only_where_views_are_live(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "counts to 1,352" in show.growth(Counted(), 1352).text()
    monkeypatch.setenv("WORKSHOP_VIEWS", "live")
    view = show.growth(Counted(), 1352)
    assert isinstance(view, LiveView)
    view.stop()
