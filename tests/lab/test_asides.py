"""A second scope of a notebook: what happens there is counted and broken apart."""

from __future__ import annotations

import httpx2
import pytest

from workshop import lab
from workshop.lab.gateway_client import GatewayClient
from workshop.settings import Settings


def test_it_is_in_practice_mode_whatever_the_gateway_is_in(
    services: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WORKSHOP_SCOPE", "paying")
    with GatewayClient.for_scope("paying") as mine:
        mine.set_mode("live")
        beside = lab.aside("beside")
        assert (mine.meter().mode, beside.meter().mode) == ("live", "practice")


def test_a_crowd_is_small_where_nobody_watches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORKSHOP_VIEWS", "static")
    assert (lab.crowd(1000), lab.crowd(7)) == (120, 7)
    monkeypatch.setenv("WORKSHOP_VIEWS", "live")
    assert lab.crowd(1000) == 1000


async def test_calls_are_counted_and_broken_apart(
    services: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WORKSHOP_SCOPE", "a-notebook")
    long = lab.aside("long")
    assert long.env["WORKSHOP_SCOPE"] == long.scope == "a-notebook-long"
    assert "/s/a-notebook-long/" in long.env["OPENAI_BASE_URL"]
    async with httpx2.AsyncClient(trust_env=False) as http:
        with long.fault("ip", "server_error"):
            assert (await http.get(f"{services.scope_url(long.scope)}/ip/")).status_code == 500
            assert (await http.get(f"{services.scope_url('a-notebook')}/ip/")).status_code == 200
    lab.reset_meter()
    assert (long.meter().services["ip"], lab.meter().services["ip"]) == (1, 0)
