"""The keys that callers present: any will do for the model, only the token for the control routes."""

from __future__ import annotations

import pytest

from tests.gateway.gateway_servers import RunningGateway, error_of
from tests.gateway.request_bodies import GOOD

pytestmark = pytest.mark.usefixtures("scripted_planner")


@pytest.mark.parametrize("header", ["", "Basic abc", "Bearer"])
def test_without_a_key(gateway: RunningGateway, scope: str, header: str) -> None:
    for reply in (
        gateway.post(scope, GOOD, authorization=header),
        gateway.get(f"/s/{scope}/v1/models", authorization=header),
    ):
        assert reply.status_code == 401
        assert error_of(reply)["code"] == "invalid_api_key"


def test_the_control_routes_need_the_token(gateway: RunningGateway, scope: str) -> None:
    for method, path in (
        ("GET", "control/meter"),
        ("DELETE", "control/meter"),
        ("GET", "control/transcript"),
        ("POST", "control/faults"),
        ("DELETE", "control/faults"),
        ("PUT", "control/mode"),
        ("GET", "control/traces"),
        ("DELETE", ""),
    ):
        for key in ("anything", gateway.token[:-1], gateway.token + "x"):
            url = f"{gateway.url}/s/{scope}/{path}".rstrip("/")
            reply = gateway.http.request(method, url, headers={"authorization": f"Bearer {key}"}, json={})
            assert reply.status_code == 401, (method, path)


def test_no_key_is_kept(gateway: RunningGateway, scope: str) -> None:
    gateway.post(scope, GOOD, authorization="Bearer a-very-secret-key")
    assert "a-very-secret-key" not in str(gateway.transcript(scope)) + str(gateway.meter(scope))
