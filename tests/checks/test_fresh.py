"""What a check draws: the same each time, another thing for another learner, and nothing twice."""

from __future__ import annotations

import pytest

from workshop.checks import fresh
from workshop.checks.fresh import STATES, STORMY, Fresh
from workshop.practice.alerts import ALERTS, AREAS


def drawn(seed: str, exercise_id: str, monkeypatch: pytest.MonkeyPatch) -> list[object]:
    monkeypatch.setenv(fresh.SEED, seed)
    one = Fresh(exercise_id)
    return [*one.names(3, "Ada"), one.amount(10, 99), one.state(), one.text()]


def test_the_same_learner_draws_the_same_and_another_one_something_else(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert drawn("Kim", "2.1", monkeypatch) == drawn("Kim", "2.1", monkeypatch)
    assert drawn("Kim", "2.1", monkeypatch) != drawn("Lou", "2.1", monkeypatch)
    assert drawn("Kim", "2.1", monkeypatch) != drawn("Kim", "2.2", monkeypatch)


def test_nothing_is_drawn_twice_nor_what_is_excluded() -> None:
    one = Fresh("2.1")
    names = one.names(20, "Ada", "Amir")
    assert len(set(names)) == 20
    assert not {"Ada", "Amir"} & set(names)


def test_the_states_are_fifty_and_the_stormy_ones_have_alerts() -> None:
    assert len(STATES) == 50
    assert {AREAS[code] for code in ALERTS} - set(STORMY) == {"Washington"}
    assert set(STORMY) < set(STATES)
