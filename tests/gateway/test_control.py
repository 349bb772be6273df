"""The control routes: waiting until a fault has hit, and what they refuse."""

from __future__ import annotations

import threading
import time

import pytest

from tests.gateway.gateway_servers import RunningGateway, error_of
from tests.gateway.request_bodies import GOOD

pytestmark = pytest.mark.usefixtures("scripted_planner")


def test_waiting_for_a_hit_returns_the_moment_it_comes(gateway: RunningGateway, scope: str) -> None:
    fault = gateway.fault(scope, "model", "server_error", calls=2)
    threading.Timer(0.3, gateway.post, (scope, GOOD)).start()
    began = time.monotonic()
    told = gateway.control(scope, "GET", f"faults/{fault}?hits=1&timeout=20")
    waited = time.monotonic() - began
    assert told["hits"] == 1
    assert 0.2 < waited < 5


def test_waiting_ends_with_its_time_or_with_the_fault(gateway: RunningGateway, scope: str) -> None:
    fault = gateway.fault(scope, "model", "server_error")
    began = time.monotonic()
    assert gateway.control(scope, "GET", f"faults/{fault}?hits=1&timeout=0.2")["hits"] == 0
    assert 0.15 < time.monotonic() - began < 5
    threading.Timer(0.2, gateway.control, (scope, "DELETE", f"faults/{fault}")).start()
    assert gateway.control(scope, "GET", f"faults/{fault}?hits=1&timeout=20")["active"] is False
    assert time.monotonic() - began < 10


def test_an_unknown_fault(gateway: RunningGateway, scope: str) -> None:
    for method in ("GET", "DELETE"):
        url = f"{gateway.url}/s/{scope}/control/faults/f9"
        reply = gateway.http.request(method, url, headers={"authorization": f"Bearer {gateway.token}"})
        assert reply.status_code == 404
    key = gateway.fault(scope, "ip", "refuse")
    for query in ("hits=x", "timeout=-1", "timeout=inf", "timeout=nan"):
        url = f"{gateway.url}/s/{scope}/control/faults/{key}?{query}"
        assert gateway.http.get(url, headers={"authorization": f"Bearer {gateway.token}"}).status_code == 400


def test_a_refusal_sets_no_fault(gateway: RunningGateway, scope: str) -> None:
    url = f"{gateway.url}/s/{scope}/control/faults"
    reply = gateway.http.post(
        url, json={"route": "moon"}, headers={"authorization": f"Bearer {gateway.token}"}
    )
    assert reply.status_code == 400
    assert error_of(reply)["param"] == "route"
    assert gateway.control(scope, "GET", "faults") == {"faults": []}
