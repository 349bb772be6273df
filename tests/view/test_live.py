"""A view that refreshes."""

from __future__ import annotations

import pytest

from tests.view.model_calls import (
    ToldGateway,
    meter,
)
from tests.waiting import until
from workshop import view as show
from workshop.view import live


async def test_a_live_meter_refreshes_until_it_is_stopped(
    gateway: ToldGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "_EVERY_SECONDS", 0.01)
    view = show.meter(live=True)
    shown, button = view.children

    await until(lambda: "Model calls completed: 1 " in shown.value)
    assert view.running
    gateway.meters = [meter(completed=9)]
    await until(lambda: "Model calls completed: 9 " in shown.value)
    button.click()
    await until(lambda: not view.running)
    assert (button.disabled, button.description) == (True, "Stopped")
