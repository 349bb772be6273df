"""Numbers over time: what is drawn by the clock, and what is stored."""

from __future__ import annotations

import asyncio
import re

import httpx2
import pytest

from workshop import view as show
from workshop.errors import LabError, LabTimeout
from workshop.view import over_time
from workshop.view.over_time import Gauges


class Desk:
    """What two gauges read; None: nobody answers."""

    def __init__(self) -> None:
        self.slots: float | None = 20
        self.backlog = 0

    def read_slots(self) -> float:
        if self.slots is None:
            raise httpx2.ConnectError("connection refused")
        return self.slots

    def read_backlog(self) -> float:
        return self.backlog


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(over_time, "_EVERY_SECONDS", 0.01)


@pytest.fixture
def desk() -> Desk:
    return Desk()


def graph_of(desk: Desk) -> Gauges:
    return show.gauges({"free slots": desk.read_slots, "backlog": desk.read_backlog})


async def through_a_day(desk: Desk) -> Gauges:
    graph = graph_of(desk)
    await graph.reach("quiet", {"free slots": 20, "backlog": 0})
    desk.slots, desk.backlog = None, 1200
    await graph.reach("the worker is away", {"free slots": None, "backlog": 1200})
    desk.slots, desk.backlog = 8, 0
    await graph.reach("it is back", {"free slots": 8})
    graph.stop()
    return graph


async def test_it_names_moments_and_tells_silence_from_zero(desk: Desk) -> None:
    graph = await through_a_day(desk)
    assert graph.text() == (
        "At these moments:\n"
        "moment                free slots  backlog\n"
        "1 quiet                       20        0\n"
        "2 the worker is away   no answer    1,200\n"
        "3 it is back                   8        0"
    )
    html = graph.html()
    assert 'role="img" aria-label="Over time: free slots, backlog"' in html
    assert "in order, not by the clock" in html
    assert re.findall(r'class="c"[^>]*>(\d) ', html) == ["1", "2", "3"]
    # No curve runs through the gap: of three moments, no two neighbours have both answered.
    assert html.count("<path") == 2
    assert ">no answer</text>" in html


async def test_what_is_stored_does_not_depend_on_the_clock(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = await through_a_day(desk)
    monkeypatch.setattr(over_time, "_EVERY_SECONDS", 0.03)
    assert (await through_a_day(Desk())).html() == first.html()


async def test_a_moment_is_reached_with_what_is_read_after_it_was_asked_for(desk: Desk) -> None:
    graph = graph_of(desk)
    await graph.reach("before", {"backlog": 0})
    desk.backlog = 5
    # What was read last still says 0.
    with pytest.raises(LabTimeout, match=r"not reached: none left\. Last seen: backlog: 5, free slots: 20\."):
        await graph.reach("none left", {"backlog": 0, "free slots": 20}, timeout=0.3)
    assert [moment.words for moment in graph.moments] == ["before"]
    graph.stop()


async def test_it_says_what_it_cannot_wait_for(desk: Desk) -> None:
    graph = graph_of(desk)
    with pytest.raises(LabError, match=r"no gauge 'slots'\. There are: free slots, backlog\."):
        await graph.reach("quiet", {"slots": 20})
    await graph.reach("quiet", {"backlog": 0})
    graph.stop()
    with pytest.raises(LabError, match="have been stopped"):
        await graph.reach("never", {"backlog": 9}, timeout=5)


async def test_it_draws_by_the_clock_where_views_are_live(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WORKSHOP_VIEWS", "live")
    shown: list[object] = []
    monkeypatch.setattr(over_time, "display", shown.append)
    graph = await through_a_day(desk)
    (widget,) = shown
    assert "the worker is away" in widget.value  # type: ignore[attr-defined]
    assert re.search(r">\d+ s</text>", graph.html())
    assert "<circle" not in graph.html()
    await asyncio.sleep(0)  # the task that read has been cancelled
    assert graph.text().endswith("3 it is back                   8        0")
