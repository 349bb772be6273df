"""Faults: each kind, on each route, for calls, for seconds, until cleared; and waiting until one has hit."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx2
import openai
import pytest
from tests.gateway.gateway_servers import RunningGateway, openai_client, running, scripted, wait_until

from workshop.gateway import replies

GOOD = {"model": "gpt-5", "input": "say One two three four."}
ADDRESS = {
    "weather": "/weather/alerts/active/area/CA",
    "ip": "/ip/",
    "geo": "/geo/json/203.0.113.42",
}


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningGateway]:
    patch = pytest.MonkeyPatch()
    patch.setattr(replies, "plan", scripted)
    with running(tmp_path_factory.mktemp("gateway")) as found:
        yield found
    patch.undo()


@pytest.fixture
def scope(request: pytest.FixtureRequest) -> str:
    return "t" + str(abs(hash(request.node.name)))


def use(gateway: RunningGateway, scope: str, route: str) -> httpx2.Response:
    return gateway.post(scope, GOOD) if route == "model" else gateway.get(f"/s/{scope}{ADDRESS[route]}")


@pytest.mark.parametrize("route", ["model", "weather", "ip", "geo"])
class TestEveryRoute:
    def test_refuse_closes_without_a_reply(self, gateway: RunningGateway, scope: str, route: str) -> None:
        gateway.fault(scope, route, "refuse", calls=1)
        with pytest.raises(httpx2.TransportError):
            use(gateway, scope, route)
        assert use(gateway, scope, route).status_code == 200
        first, second = gateway.calls(scope)
        assert (first["status"], first["http_status"], first["fault"]) == ("failed", None, "refuse")
        assert (second["status"], second["fault"]) == ("completed", None)

    def test_cut_begins_the_reply_and_closes(self, gateway: RunningGateway, scope: str, route: str) -> None:
        gateway.fault(scope, route, "cut", calls=1)
        raw = raw_reply(gateway, scope, route)
        assert raw.startswith(b"HTTP/1.1 200")
        head, _, body = raw.partition(b"\r\n\r\n")
        announced = int(head.lower().partition(b"content-length: ")[2].split(b"\r\n")[0])
        assert 0 < len(body) < announced
        wait_until(lambda: gateway.calls(scope)[0]["status"] == "cut")
        assert gateway.calls(scope)[0]["http_status"] == 200
        assert gateway.meter(scope)["model"]["completed"] == 0

    def test_rate_limit(self, gateway: RunningGateway, scope: str, route: str) -> None:
        gateway.fault(scope, route, "rate_limit", retry_after=7)
        reply = use(gateway, scope, route)
        assert (reply.status_code, reply.headers["retry-after"]) == (429, "7")
        assert "retry-after-ms" not in reply.headers

    def test_server_error_and_status(self, gateway: RunningGateway, scope: str, route: str) -> None:
        gateway.fault(scope, route, "server_error", calls=1)
        gateway.fault(scope, route, "status", status=503, calls=1)
        assert [use(gateway, scope, route).status_code for _ in range(3)] == [500, 503, 200]

    def test_garbage(self, gateway: RunningGateway, scope: str, route: str) -> None:
        gateway.fault(scope, route, "garbage", calls=1)
        reply = use(gateway, scope, route)
        assert reply.status_code == 200
        with pytest.raises(ValueError, match=r".*"):
            reply.json()
        assert gateway.calls(scope)[0]["status"] == "failed"

    def test_delay_holds_the_call_that_long(self, gateway: RunningGateway, scope: str, route: str) -> None:
        gateway.fault(scope, route, "delay", delay=0.2, calls=1)
        began = time.monotonic()
        assert use(gateway, scope, route).status_code == 200
        assert time.monotonic() - began >= 0.2
        assert gateway.calls(scope)[0]["status"] == "completed"


def raw_reply(gateway: RunningGateway, scope: str, route: str, **change: Any) -> bytes:
    """Everything that comes back, also when it is no whole reply."""
    built = (
        httpx2.Request("POST", f"{gateway.base(scope)}/responses", json={**GOOD, **change})
        if route == "model"
        else httpx2.Request("GET", f"{gateway.url}/s/{scope}{ADDRESS[route]}")
    )
    head = f"{built.method} {built.url.raw_path.decode()} HTTP/1.1\r\nhost: 127.0.0.1\r\nuser-agent: t\r\n"
    head += "authorization: Bearer x\r\n"
    body = built.read()
    with socket.create_connection(("127.0.0.1", gateway.port), timeout=5) as connection:
        connection.sendall(f"{head}content-length: {len(body)}\r\n\r\n".encode() + body)
        pieces = []
        while piece := connection.recv(65536):
            pieces.append(piece)
    return b"".join(pieces)


def test_refuse_sends_not_a_single_byte(gateway: RunningGateway, scope: str) -> None:
    gateway.fault(scope, "any", "refuse")
    assert raw_reply(gateway, scope, "model") == b""


def test_a_cut_stream_has_some_events_but_not_the_last(gateway: RunningGateway, scope: str) -> None:
    gateway.fault(scope, "model", "cut", calls=1)
    raw = raw_reply(gateway, scope, "model", stream=True)
    assert b"event: response.created" in raw
    assert b"response.output_text.delta" in raw
    assert b"event: response.completed" not in raw
    assert not raw.endswith(b"0\r\n\r\n")
    counts = gateway.meter(scope)["model"]
    assert (counts["completed"], counts["failed"], counts["output_tokens"]) == (0, 1, 0)


async def test_the_clients_own_exceptions(gateway: RunningGateway, scope: str) -> None:
    async with openai_client(gateway.base(scope)) as client:

        async def create() -> Any:
            return await client.responses.create(model="gpt-5", input="say Hi")

        gateway.fault(scope, "model", "refuse", calls=1)
        with pytest.raises(openai.APIConnectionError):
            await create()
        gateway.fault(scope, "model", "cut", calls=1)
        with pytest.raises(openai.APIConnectionError):
            await create()
        gateway.fault(scope, "model", "rate_limit", calls=1, retry_after=0.25)
        with pytest.raises(openai.RateLimitError) as limited:
            await create()
        assert limited.value.code == "rate_limit_exceeded"
        assert limited.value.response.headers["retry-after"] == "1"
        assert limited.value.response.headers["retry-after-ms"] == "250"
        gateway.fault(scope, "model", "server_error", calls=1)
        with pytest.raises(openai.InternalServerError):
            await create()
        gateway.fault(scope, "model", "status", status=401, calls=1)
        with pytest.raises(openai.AuthenticationError):
            await create()
        assert (await create()).output_text == "Hi"


async def test_the_clients_retries_get_through_a_fault(gateway: RunningGateway, scope: str) -> None:
    gateway.fault(scope, "model", "server_error", calls=2)
    async with openai_client(gateway.base(scope)).with_options(max_retries=2) as client:
        assert (await client.responses.create(model="gpt-5", input="say Hi")).output_text == "Hi"
    counts = gateway.meter(scope)["model"]
    assert (counts["arrived"], counts["failed"], counts["completed"], counts["repeats"]) == (3, 2, 1, 0)


def test_calls_after_and_until_cleared(gateway: RunningGateway, scope: str) -> None:
    fault = gateway.fault(scope, "model", "server_error", after=1, calls=2)
    statuses = [gateway.post(scope, GOOD).status_code for _ in range(4)]
    assert statuses == [200, 500, 500, 200]
    told = gateway.control(scope, "GET", f"faults/{fault}")
    assert (told["hits"], told["active"]) == (2, False)
    lasting = gateway.fault(scope, "model", "server_error")
    assert [gateway.post(scope, GOOD).status_code for _ in range(3)] == [500] * 3
    cleared = gateway.control(scope, "DELETE", f"faults/{lasting}")
    assert (cleared["hits"], cleared["active"]) == (3, False)
    assert gateway.post(scope, GOOD).status_code == 200


def test_for_seconds(gateway: RunningGateway, scope: str) -> None:
    fault = gateway.fault(scope, "model", "server_error", seconds=0.3)
    assert gateway.post(scope, GOOD).status_code == 500
    wait_until(lambda: not gateway.control(scope, "GET", f"faults/{fault}")["active"])
    assert gateway.post(scope, GOOD).status_code == 200


def test_a_fault_on_one_route_or_scope_leaves_the_others(gateway: RunningGateway, scope: str) -> None:
    gateway.fault(scope, "weather", "server_error")
    assert use(gateway, scope, "weather").status_code == 500
    assert use(gateway, scope, "model").status_code == 200
    assert use(gateway, scope + "x", "weather").status_code == 200
    gateway.fault(scope, "any", "server_error")
    assert [use(gateway, scope, route).status_code for route in ("model", "ip", "geo")] == [500] * 3
    gateway.control(scope, "DELETE", "faults")
    assert use(gateway, scope, "weather").status_code == 200
    assert gateway.control(scope, "GET", "faults") == {"faults": []}


def test_control_traces_and_reading_are_never_hit(gateway: RunningGateway, scope: str) -> None:
    made = gateway.post(scope, GOOD).json()["id"]
    gateway.fault(scope, "any", "refuse")
    assert gateway.get(f"/s/{scope}/v1/models", authorization="Bearer x").status_code == 200
    assert gateway.get(f"/s/{scope}/v1/responses/{made}", authorization="Bearer x").status_code == 200
    assert gateway.post(scope, {"data": []}, "traces/ingest").status_code == 204
    assert gateway.meter(scope)["model"]["arrived"] == 1


def test_clearing_lets_go_of_the_calls_that_are_held(gateway: RunningGateway, scope: str) -> None:
    fault = gateway.fault(scope, "model", "delay")
    with ThreadPoolExecutor() as pool:
        held = [pool.submit(gateway.post, scope, GOOD) for _ in range(3)]
        told = gateway.control(scope, "GET", f"faults/{fault}?hits=3&timeout=10")
        assert told["hits"] == 3
        assert gateway.meter(scope)["model"]["in_flight"] == 3
        assert not any(call.done() for call in held)
        gateway.control(scope, "DELETE", "faults")
        assert [call.result(5).status_code for call in held] == [200] * 3
    counts = gateway.meter(scope)["model"]
    assert (counts["completed"], counts["in_flight"], counts["repeats"]) == (3, 0, 2)


def test_the_end_of_its_seconds_also_lets_go(gateway: RunningGateway, scope: str) -> None:
    gateway.fault(scope, "model", "delay", seconds=0.2)
    began = time.monotonic()
    assert gateway.post(scope, GOOD).status_code == 200
    assert 0.1 < time.monotonic() - began < 5


def test_a_caller_who_leaves_while_held_counts_as_failed(gateway: RunningGateway, scope: str) -> None:
    fault = gateway.fault(scope, "model", "delay", delay=60)
    caller = socket.create_connection(("127.0.0.1", gateway.port))
    body = b'{"model": "m", "input": "x"}'
    caller.sendall(
        f"POST /s/{scope}/v1/responses HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer x\r\n"
        f"content-length: {len(body)}\r\n\r\n".encode()
        + body
    )
    gateway.control(scope, "GET", f"faults/{fault}?hits=1&timeout=5")
    caller.close()
    wait_until(lambda: gateway.meter(scope)["model"]["in_flight"] == 0)
    call = gateway.calls(scope)[0]
    assert (call["status"], call["http_status"], call["fault"]) == ("failed", None, "delay")


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


@pytest.mark.parametrize(
    "spec",
    [
        {},
        {"route": "model"},
        {"route": "moon", "kind": "refuse"},
        {"route": "model", "kind": "explode"},
        {"route": "model", "kind": "refuse", "calls": 0},
        {"route": "model", "kind": "refuse", "calls": "2"},
        {"route": "model", "kind": "refuse", "seconds": -1},
        {"route": "model", "kind": "refuse", "after": -1},
        {"route": "model", "kind": "status"},
        {"route": "model", "kind": "status", "status": 200},
        {"route": "model", "kind": "refuse", "unknown": 1},
    ],
)
def test_a_fault_that_cannot_be(gateway: RunningGateway, scope: str, spec: dict[str, Any]) -> None:
    url = f"{gateway.url}/s/{scope}/control/faults"
    reply = gateway.http.post(url, json=spec, headers={"authorization": f"Bearer {gateway.token}"})
    assert reply.status_code == 400
    assert reply.json()["error"]["message"].startswith("Invalid fault")
    assert gateway.control(scope, "GET", "faults") == {"faults": []}


def test_an_unknown_fault(gateway: RunningGateway, scope: str) -> None:
    for method in ("GET", "DELETE"):
        url = f"{gateway.url}/s/{scope}/control/faults/f9"
        reply = gateway.http.request(method, url, headers={"authorization": f"Bearer {gateway.token}"})
        assert reply.status_code == 404
    key = gateway.fault(scope, "ip", "refuse")
    for query in ("hits=x", "timeout=-1", "timeout=inf", "timeout=nan"):
        url = f"{gateway.url}/s/{scope}/control/faults/{key}?{query}"
        assert gateway.http.get(url, headers={"authorization": f"Bearer {gateway.token}"}).status_code == 400


async def test_held_calls_do_not_hold_the_gateway(gateway: RunningGateway, scope: str) -> None:
    fault = gateway.fault(scope, "model", "delay", calls=50)
    async with openai_client(gateway.base(scope)) as client:
        held = [asyncio.create_task(client.responses.create(model="m", input="say x")) for _ in range(50)]
        await asyncio.to_thread(gateway.control, scope, "GET", f"faults/{fault}?hits=50&timeout=10")
        began = time.monotonic()
        assert (await asyncio.to_thread(gateway.post, scope, GOOD)).status_code == 200
        assert time.monotonic() - began < 2
        await asyncio.to_thread(gateway.control, scope, "DELETE", "faults")
        assert {response.output_text for response in await asyncio.gather(*held)} == {"x"}
