"""``show.budget`` and ``show.ways``: what they say of budgets made here, and of a real run."""

from __future__ import annotations

import re

import pytest

from tests.transfer_bank import Bank
from workshop import view as show
from workshop.runs.budget import Budget, Limit, Limits, Use
from workshop.view.budgets import BudgetView, Ways

SMALL = Limits(Limit(100 * 1024, 4096), Limit(200 * 1024, 10_240), Limit(300 * 1024, 51_200), "as it is here")


def budget(turns: int = 10) -> Budget:
    kinds = {"model calls, what is sent": Use(turns, turns * 9 * 1024), "everything else": Use(30, 1024)}
    each = tuple(Use(6, 10 * 1024) for _ in range(turns))
    tokens = tuple(range(100, 100 + turns))
    return Budget(kinds, Use(5, 1024), each, tokens, tokens)  # type: ignore[arg-type]


def test_kinds_turns_and_limits() -> None:
    view = BudgetView("Watch, completed", budget(12), SMALL)
    told = view.text()
    assert "Watch, completed\n121 KB of history, 77 events, 12 turns" in told
    assert re.search(r"model calls, what is sent +12 +108 KB +89%", told)
    assert re.search(r"^  12 +10 KB +121 KB +111$", told, re.MULTILINE)
    assert "(as it is here)" in told
    assert re.search(r"flag +100 KB +4,096 +reached", told)
    assert re.search(r"end +300 KB +51,200 +turn 30", told)


def test_the_picture_says_the_same_in_words() -> None:
    view = BudgetView("Watch, completed", budget(), SMALL)
    assert "<title>Watch, completed: bytes of history by kind of event and by turn</title>" in view.svg()
    assert view.text().splitlines()[1] in view.svg()
    for label in ("flag, 100 KB", "warning, 200 KB", "end, 300 KB"):
        assert f">{label}</text>" in view.svg()
    assert ">So far turn 10: 101 KB. Dotted: if it goes on like this.</text>" in view.svg()
    assert ">about turn 30</text>" in view.svg()
    assert view.svg() in view.html()


def test_the_picture_of_a_run_that_has_ended_there_looks_no_further() -> None:
    assert ">turn 40: 401 KB</text>" in BudgetView("Watch, terminated", budget(40), SMALL).svg()
    assert "Dotted" not in BudgetView("Watch, terminated", budget(40), SMALL).svg()


def test_a_square_looks_like_one() -> None:
    turns = tuple(Use(6, n * 1024) for n in range(1, 41))
    growing = Budget({"model calls, what is sent": Use(240, 820 * 1024)}, Use(), turns)
    svg = BudgetView("Watch, completed", growing, SMALL).svg()
    line = re.findall(r'polyline points="([^"]+)"', svg)[-1]
    heights = [float(point.split(",")[1]) for point in line.split()]
    half, whole = heights[0] - heights[20], heights[0] - heights[40]
    assert whole / half == pytest.approx(820 / 210, rel=0.01)


def test_ways_tell_the_longest_run_and_all_tokens() -> None:
    view = Ways(
        {"whole": [budget()], "in parts": [budget(4), budget(6)]}, {"whole": "it ends", "in parts": "none"}
    )
    assert re.search(r"whole +10 +1 +65 +101 KB +1,045 +109 +it ends", view.text())
    assert re.search(r"in parts +10 +2 +41 +61 KB +1,021 +105 +none", view.text())


async def test_a_real_run(open_bank: Bank) -> None:
    handle = await open_bank.start(5)
    await handle.result()
    view = await show.budget(handle)
    described = await handle.describe()
    assert view.budget.events == described.history_length
    assert view.budget.turns == ()
    assert "completed" in view.text()
    assert "at this pace" not in view.text()
    with pytest.raises(ValueError, match="at least one"):
        await show.ways({})
