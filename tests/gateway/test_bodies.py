"""Bodies of requests: broken, too large, broken off; each is one failed call, or none."""

from __future__ import annotations

import http.client
import json

import pytest

from tests.gateway.gateway_servers import RunningGateway, error_of
from tests.gateway.request_bodies import GOOD
from workshop.gateway.bodies import LARGEST_BODY

pytestmark = pytest.mark.usefixtures("scripted_planner")


def test_json_that_is_none_or_no_object(gateway: RunningGateway, scope: str) -> None:
    for body, says, code in ((b"{", "not valid JSON", None), (b"[]", "expected an object", "invalid_type")):
        for path in ("responses", "traces/ingest"):
            reply = gateway.post(scope, body, path)
            error = error_of(reply)
            assert (reply.status_code, error["code"]) == (400, code)
            assert says in error["message"]


def test_json_that_is_deep_but_valid_is_no_crash(gateway: RunningGateway, scope: str) -> None:
    deep = (
        '{"model": "gpt-5", "input": [{"role": "user", "content": [{"type": "x", "y": '
        + "[" * 800
        + "]" * 800
        + "}]}]}"
    )
    assert gateway.post(scope, deep.encode()).status_code in (200, 400)
    assert gateway.post(scope, GOOD).status_code == 200


def test_text_that_utf8_cannot_hold_is_no_crash(gateway: RunningGateway, scope: str) -> None:
    reply = gateway.post(scope, b'{"model": "gpt-5", "input": "say \\ud800"}')
    assert reply.status_code == 200
    assert gateway.transcript(scope)[0]["request"]["model"] == "gpt-5"


def test_a_body_over_the_limit(gateway: RunningGateway, scope: str) -> None:
    body = json.dumps({**GOOD, "input": "x" * LARGEST_BODY}).encode()
    announced = gateway.post(scope, body)
    assert announced.status_code == 413
    assert error_of(announced)["code"] == "request_too_large"
    chunked = gateway.http.post(
        f"{gateway.base(scope)}/responses",
        content=(body[start : start + 2**20] for start in range(0, len(body), 2**20)),
        headers={"authorization": "Bearer x"},
    )
    assert chunked.status_code == 413
    picture = {"type": "input_image", "image_url": "x" * (LARGEST_BODY - 1000)}
    call = {"type": "function_call", "call_id": "c1", "name": "look", "arguments": "{}"}
    output = {"type": "function_call_output", "call_id": "c1", "output": [picture]}
    just_within = json.dumps({**GOOD, "input": [call, output]}).encode()
    assert gateway.post(scope, just_within).status_code == 200
    assert [call["status"] for call in gateway.calls(scope)] == ["failed", "failed", "completed"]


def test_an_upload_that_breaks_off_never_arrived(gateway: RunningGateway, scope: str) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", gateway.port)
    connection.putrequest("POST", f"/s/{scope}/v1/responses")
    connection.putheader("content-length", "1000")
    connection.endheaders(b'{"model"')
    connection.close()
    assert gateway.post(scope, GOOD).status_code == 200
    assert gateway.meter(scope)["model"]["arrived"] == 1
