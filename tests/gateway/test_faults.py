"""Faults: each kind, on each route, for calls, for seconds, until cleared."""

from __future__ import annotations

import asyncio
import json
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import Any

import httpx2
import openai
import pytest

from tests.gateway.gateway_servers import RunningGateway, openai_client, raw_request, wait_until
from workshop.gateway import faults
from workshop.gateway.errors import ApiError

pytestmark = pytest.mark.usefixtures("scripted_planner")

GOOD = {"model": "gpt-5", "input": "say One two three four."}
ADDRESS = {
    "weather": "/weather/alerts/active/area/CA",
    "ip": "/ip/",
    "geo": "/geo/json/203.0.113.42",
}


def use(gateway: RunningGateway, scope: str, route: str) -> httpx2.Response:
    return gateway.post(scope, GOOD) if route == "model" else gateway.get(f"/s/{scope}{ADDRESS[route]}")


def raw_reply(gateway: RunningGateway, scope: str, route: str, **change: Any) -> bytes:
    """Everything that comes back, also when it is no whole reply."""
    if route == "model":
        sent = raw_request("POST", f"/s/{scope}/v1/responses", json.dumps({**GOOD, **change}).encode())
    else:
        sent = raw_request("GET", f"/s/{scope}{ADDRESS[route]}")
    with socket.create_connection(("127.0.0.1", gateway.port), timeout=5) as connection:
        connection.sendall(sent)
        pieces = []
        while piece := connection.recv(65536):
            pieces.append(piece)
    return b"".join(pieces)


@pytest.mark.parametrize("route", ["model", "weather", "ip", "geo"])
class TestEveryRoute:
    def test_refuse_closes_without_a_single_byte(
        self, gateway: RunningGateway, scope: str, route: str
    ) -> None:
        gateway.fault(scope, route, "refuse", calls=1)
        assert raw_reply(gateway, scope, route) == b""
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


def test_a_reply_of_the_model_can_be_held_after_too(gateway: RunningGateway, scope: str) -> None:
    fault = gateway.fault(scope, "model", "delay", when="after")
    body = {"model": "m", "input": "Hello", "stream": True}
    with ThreadPoolExecutor() as pool:
        held = pool.submit(gateway.post, scope, body)
        gateway.control(scope, "GET", f"faults/{fault}?hits=1&timeout=5")
        gateway.control(scope, "DELETE", "faults")
        assert held.result(5).text.rstrip().rpartition("event: ")[2].startswith("response.completed")


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
        {"route": "bank", "kind": "cut", "when": "after"},
        {"route": "bank", "kind": "delay", "when": "later"},
    ],
)
def test_a_fault_that_cannot_be(spec: dict[str, Any]) -> None:
    found = faults.Faults()
    with pytest.raises(ApiError, match=r"^Invalid fault") as caught:
        found.add(spec)
    assert caught.value.status == 400
    assert found.all() == []


class TestPace:
    async def arrivals(self, gateway: RunningGateway, scope: str) -> list[tuple[str, float]]:
        found = []
        async with openai_client(gateway.base(scope)) as client:
            stream = await client.responses.create(model="gpt-5", input=GOOD["input"], stream=True)
            async for event in stream:
                found.append((event.type, time.monotonic()))
        return found

    async def test_deltas_arrive_one_by_one(self, gateway: RunningGateway, scope: str) -> None:
        gateway.fault(scope, "model", "pace", delay=0.1)
        found = await self.arrivals(gateway, scope)
        times = [at for kind, at in found if kind == "response.output_text.delta"]
        gaps = [later - at for at, later in pairwise(times)]
        assert len(gaps) == 3
        assert all(gap > 0.08 for gap in gaps), gaps
        begun = next(at for kind, at in found if kind == "response.created")
        assert times[0] - begun < times[-1] - begun
        assert found[-1][0] == "response.completed"

    async def test_whoever_leaves_is_noticed_between_two_deltas(
        self, gateway: RunningGateway, scope: str
    ) -> None:
        gateway.fault(scope, "model", "pace", delay=60)
        async with openai_client(gateway.base(scope)) as client:
            stream = await client.responses.create(model="gpt-5", input=GOOD["input"], stream=True)
            await anext(aiter(stream))
            await stream.close()
        wait_until(lambda: gateway.calls(scope)[0]["status"] == "cut")

    async def test_the_rest_comes_at_once_when_it_is_cleared(
        self, gateway: RunningGateway, scope: str
    ) -> None:
        fault = gateway.fault(scope, "model", "pace", delay=60)
        reading = asyncio.create_task(self.arrivals(gateway, scope))
        await asyncio.to_thread(gateway.control, scope, "GET", f"faults/{fault}?hits=1&timeout=5")
        gateway.control(scope, "DELETE", f"faults/{fault}")
        assert (await asyncio.wait_for(reading, 5))[-1][0] == "response.completed"

    def test_it_hits_streams_only_and_no_other_fault_waits_for_it(
        self, gateway: RunningGateway, scope: str
    ) -> None:
        gateway.fault(scope, "model", "pace", delay=0, calls=1)
        gateway.fault(scope, "model", "cut", calls=1)
        assert b"response.output_text.delta" in raw_reply(gateway, scope, "model", stream=True)
        wait_until(lambda: gateway.calls(scope)[0]["status"] == "cut")
        assert [fault["hits"] for fault in gateway.control(scope, "GET", "faults")["faults"]] == [1, 1]
        assert use(gateway, scope, "model").status_code == 200
        assert [call["fault"] for call in gateway.calls(scope)] == ["cut", None]
