"""A second scope of a notebook: what happens there is counted and broken apart."""

from __future__ import annotations

import httpx2
import pytest

from workshop import lab
from workshop.settings import Settings


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
