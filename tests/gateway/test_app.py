"""The application: whom it lets in, and how it words an address that leads nowhere."""

from __future__ import annotations

import pytest

from tests.gateway.gateway_servers import RunningGateway, error_of
from tests.gateway.request_bodies import GOOD

pytestmark = pytest.mark.usefixtures("scripted_planner")


def test_unknown_routes(gateway: RunningGateway, scope: str) -> None:
    for method, path in (
        ("POST", f"/s/{scope}/v1/embeddings"),
        ("POST", f"/s/{scope}/other/v1/responses"),
        ("GET", f"/s/{scope}/v1/nothing"),
        ("GET", "/nothing"),
        ("GET", f"/s/{scope}/nothing"),
        ("GET", f"/s/{scope}/control/nothing"),
    ):
        reply = gateway.http.request(method, gateway.url + path, headers={"authorization": "Bearer x"})
        assert reply.status_code == 404, path
        assert error_of(reply)["code"] == "unknown_url"
    assert gateway.meter(scope)["model"]["arrived"] == 0
    reply = gateway.http.request("DELETE", f"{gateway.url}/health")
    assert reply.status_code == 405
    assert error_of(reply)["code"] == "method_not_supported"


def test_what_practice_mode_does_not_have_is_named(gateway: RunningGateway, scope: str) -> None:
    headers = {"authorization": "Bearer x"}
    reply = gateway.http.post(f"{gateway.base(scope)}/audio/speech", headers=headers)
    assert "Practice mode has no 'audio/speech'" in error_of(reply)["message"]
    upgrade = {**headers, "upgrade": "websocket", "connection": "Upgrade"}
    reply = gateway.http.get(f"{gateway.base(scope)}/responses", headers=upgrade)
    assert reply.status_code == 400
    assert "has no WebSockets" in error_of(reply)["message"]


@pytest.mark.parametrize("scope", ["a b", "a%2Fb", "x" * 65, "caf%C3%A9", "a;b"])
def test_a_scope_that_is_no_name(gateway: RunningGateway, scope: str) -> None:
    reply = gateway.post(scope, GOOD)
    assert reply.status_code in (400, 404)
    assert error_of(reply)["type"] == "invalid_request_error"


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "evil.example:80", ""])
def test_a_host_that_is_not_this_machine(gateway: RunningGateway, host: str) -> None:
    for path in ("/health", "/s/a/weather/alerts/active/area/CA"):
        reply = gateway.get(path, host=host)
        assert reply.status_code == 400
        assert error_of(reply)["code"] == "invalid_host"


def test_hosts_that_are_this_machine(gateway: RunningGateway) -> None:
    for host in ("127.0.0.1", f"127.0.0.1:{gateway.port}", "localhost", f"localhost:{gateway.port}"):
        assert gateway.get("/health", host=host).status_code == 200


def test_no_page_of_another_site_may_read_anything(gateway: RunningGateway) -> None:
    reply = gateway.get("/health", origin="https://evil.example")
    assert not any(name.startswith("access-control") for name in reply.headers)
