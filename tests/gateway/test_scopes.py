"""Scopes: what is counted, broken or stored under one stays there, and a forgotten one is gone."""

from __future__ import annotations

import pytest

from tests.gateway.gateway_servers import RunningGateway, openai_client
from tests.gateway.request_bodies import GOOD
from workshop.gateway import meter
from workshop.gateway.scopes import MOST_SCOPES, Scopes

pytestmark = pytest.mark.usefixtures("scripted_planner")


def test_scopes_do_not_mix(gateway: RunningGateway, scope: str) -> None:
    for name in (scope, scope + ".b"):
        gateway.post(name, GOOD)
        assert gateway.counts(name) == (1, 1, 0, 0, 0)


def test_forgetting_a_scope_forgets_everything(gateway: RunningGateway, scope: str) -> None:
    made = gateway.post(scope, GOOD).json()["id"]
    gateway.fault(scope, "model", "refuse")
    gateway.control(scope, "PUT", "mode", {"mode": "live"})
    reply = gateway.http.delete(
        f"{gateway.url}/s/{scope}", headers={"authorization": f"Bearer {gateway.token}"}
    )
    assert reply.status_code == 200
    assert gateway.meter(scope)["mode"] == "practice"
    assert gateway.post(scope, GOOD).status_code == 200
    assert (
        gateway.post(scope, {**GOOD, "previous_response_id": made}).status_code == 200
    )  # made again just now
    assert gateway.counts(scope) == (2, 2, 0, 0, 0)


def test_an_unused_scope_makes_room_but_never_a_used_one() -> None:
    scopes = Scopes()
    busy = scopes.get("busy")
    call = busy.meter.arrive("model", None)
    for number in range(MOST_SCOPES + 10):
        scopes.get(f"s{number}").meter.finish(
            scopes.get(f"s{number}").meter.arrive("ip", None), "completed", 200, meter.Outcome()
        )
    assert scopes.get("busy") is busy
    assert scopes.get("s0").meter.describe("s0", "practice")["services"]["ip"] == 0
    last = f"s{MOST_SCOPES + 9}"
    assert scopes.get(last).meter.describe(last, "practice")["services"]["ip"] == 1
    busy.meter.finish(call, "completed", 200, meter.Outcome())


async def test_without_a_scope_the_default_one_is_used(gateway: RunningGateway) -> None:
    async with openai_client(f"{gateway.url}/v1") as client:
        await client.responses.create(model="gpt-5", input="say Hi")
    assert gateway.meter("default")["model"]["completed"] == 1
