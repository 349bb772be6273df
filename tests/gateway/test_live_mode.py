"""Live mode, against a local upstream: a second gateway, and a server that shows what it was sent."""

from __future__ import annotations

import asyncio
import gzip
import json
import logging
import re
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx2
import openai
import pytest
from pydantic import SecretStr

from tests.gateway.gateway_servers import (
    NO_CERTIFICATES,
    RunningGateway,
    openai_client,
    raw_request,
    running,
    wait_until,
)
from tests.gateway.request_bodies import tool

pytestmark = pytest.mark.usefixtures("scripted_planner")

KEY = "the-real-key-of-the-account"
Answer = Callable[[socket.socket], None]
SSE_HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n"
GOOD: dict[str, Any] = {"model": "gpt-5", "input": "say One two three."}


@contextmanager
def forwarding(base: str, folder: Path, services: str = "http://127.0.0.1:9") -> Iterator[RunningGateway]:
    with running(
        folder,
        mode_wanted="live",
        openai_api_key=SecretStr(KEY),
        openai_base_url=base,
        upstream_weather_url=f"{services}/weather",
        upstream_ip_url=f"{services}/ip",
        upstream_geo_url=f"{services}/geo",
    ) as found:
        yield found


class Wire:
    """An upstream of a few lines that keeps the bytes it was sent and answers as told."""

    gateway: RunningGateway

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._forget()
        self._answer: Answer = lambda connection: connection.close()
        threading.Thread(target=self._serve, daemon=True).start()

    def answering(self, answer: Answer) -> RunningGateway:
        """Forget what was sent, answer like this from now on; the gateway before it."""
        self._forget()
        self._answer = answer
        return self.gateway

    def _forget(self) -> None:
        self.seen: list[bytes] = []
        self.closed_by_caller = threading.Event()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._take, args=(connection,), daemon=True).start()

    def _take(self, connection: socket.socket) -> None:
        # The gateway keeps connections open: whose end it is, is that of the last call over it.
        closed = threading.Event()
        with connection:
            try:
                while True:
                    sent = b""
                    while not _whole(sent):
                        piece = connection.recv(65536)
                        if not piece:
                            return
                        sent += piece
                    closed = self.closed_by_caller
                    self.seen.append(sent)
                    self._answer(connection)
            except OSError:
                pass
            finally:
                closed.set()

    def close(self) -> None:
        self._listener.close()


def _whole(sent: bytes) -> bool:
    head, end, body = sent.partition(b"\r\n\r\n")
    length = re.search(rb"content-length: (\d+)", head.lower())
    return bool(end) and len(body) >= (int(length[1]) if length else 0)


@pytest.fixture(scope="module")
def live(gateway: RunningGateway, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningGateway]:
    """A gateway before the other one, which stands in for the real services."""
    folder = tmp_path_factory.mktemp("live")
    with forwarding(gateway.base("up"), folder, gateway.url + "/s/up") as found:
        yield found


@pytest.fixture(scope="module")
def wire(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wire]:
    """An upstream that answers as a test says, with a gateway before it."""
    made = Wire()
    address = f"http://127.0.0.1:{made.port}"
    try:
        with forwarding(f"{address}/v1", tmp_path_factory.mktemp("wire"), address) as made.gateway:
            yield made
    finally:
        made.close()


def plain(body: bytes, status: str = "200 OK", kind: str = "application/json") -> Answer:
    def answer(connection: socket.socket) -> None:
        head = f"HTTP/1.1 {status}\r\ncontent-type: {kind}\r\nset-cookie: a=b\r\n"
        head += f"content-length: {len(body)}\r\n\r\n"
        connection.sendall(head.encode() + body)

    return answer


def sse(connection: socket.socket, *events: str) -> None:
    for event in events:
        data = event.encode()
        connection.sendall(f"{len(data):x}\r\n".encode() + data + b"\r\n")


async def test_the_same_client_works_as_in_practice(live: RunningGateway, scope: str) -> None:
    async with openai_client(live.base(scope), live.token) as client:
        response = await client.responses.create(**GOOD)
        assert response.output_text == "One two three."
        stream = await client.responses.create(**GOOD, stream=True)
        events: list[Any] = [event async for event in stream]
        assert events[-1].response.to_dict() == response.to_dict()
        assert (await client.responses.retrieve(response.id)).id == response.id
        assert [model.id async for model in client.models.list()] == ["practice-model"]
        with pytest.raises(openai.BadRequestError) as caught:
            await client.responses.create(model="gpt-5", input="x", tool_choice="required")
        assert caught.value.param == "tool_choice"
    told = live.meter(scope)
    assert told["mode"] == "live"
    counts = told["model"]
    assert (counts["arrived"], counts["completed"], counts["failed"], counts["repeats"]) == (3, 2, 1, 1)
    assert response.usage is not None
    assert counts["input_tokens"] == 2 * response.usage.input_tokens
    assert [call["summary"] for call in told["calls"]] == ["answers", "answers", "error 400"]
    streamed = live.transcript(scope)[1]
    assert streamed["response"] == response.to_dict()


def test_the_token_becomes_the_key_and_the_key_is_nowhere_else(
    wire: Wire, scope: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, logger="workshop")
    usage = {"input_tokens": 11, "output_tokens": 22, "total_tokens": 33}
    reply = json.dumps({"id": "resp_1", "status": "completed", "output": [], "usage": usage}).encode()
    gateway = wire.answering(plain(reply))
    got = gateway.post(scope, GOOD, authorization=f"Bearer {gateway.token}")
    head = wire.seen[0].partition(b"\r\n\r\n")[0].decode()
    assert f"authorization: Bearer {KEY}".lower() in head.lower()
    assert gateway.token not in head
    assert "content-type: application/json" in head.lower()
    everything = got.text + str(got.headers) + caplog.text
    everything += str(gateway.meter(scope)) + str(gateway.transcript(scope)) + str(gateway.settings)
    everything += "".join(
        path.read_text()
        for path in gateway.settings.state_dir.rglob("*")
        if path.is_file() and path.name != "gateway.token"
    )
    assert KEY not in everything
    assert gateway.meter(scope)["model"]["input_tokens"] == 11
    assert gateway.meter(scope)["estimated"] is False
    # A key of the caller's own is passed on as it is, and not kept either.
    gateway.post(scope, GOOD, authorization="Bearer the-callers-own")
    assert b"Bearer the-callers-own" in wire.seen[1]
    assert "the-callers-own" not in str(gateway.transcript(scope)) + caplog.text
    assert gateway.post(scope, GOOD, authorization="").status_code == 401
    assert len(wire.seen) == 2


QUOTING = "Incorrect API key provided: %s. You can find your API key in your account."


def refusal(key: str, message: str = QUOTING) -> bytes:
    error = {
        "message": message % key,
        "type": "invalid_request_error",
        "param": None,
        "code": "invalid_api_key",
    }
    return json.dumps({"error": error}).encode()


def test_an_upstream_that_quotes_the_key_is_not_repeated(wire: Wire, scope: str) -> None:
    body = refusal(KEY)

    def answer(connection: socket.socket) -> None:
        head = f"HTTP/1.1 401 Unauthorized\r\nwww-authenticate: Bearer error={KEY}\r\n"
        connection.sendall(f"{head}content-length: {len(body)}\r\n\r\n".encode() + body)

    gateway = wire.answering(answer)
    bearer = f"Bearer {gateway.token}"
    reply = gateway.post(scope, GOOD, authorization=bearer)
    assert (reply.status_code, reply.json()) == (401, json.loads(refusal("(key)")))
    assert reply.headers["www-authenticate"] == "Bearer error=(key)"
    other = gateway.get(f"/s/{scope}/v1/models", authorization=bearer)
    assert other.json() == reply.json()
    told = str(gateway.transcript(scope)) + str(gateway.meter(scope))
    assert "(key)" in told
    assert KEY not in told
    # A key of the caller's own is a key as well.
    with_own = gateway.post(scope, GOOD, authorization=f"Bearer {KEY}")
    assert with_own.json() == reply.json()


def test_a_stream_that_quotes_the_key_is_not_repeated(wire: Wire, scope: str) -> None:
    final = {
        "type": "response.failed",
        "response": {"id": "r", "status": "failed", "output": [], "error": {"message": QUOTING % KEY}},
    }
    begun = f'event: response.created\ndata: {{"type": "response.created", "of": "{KEY[:6]}"}}\n\n'
    text = f"{begun}event: response.failed\ndata: {json.dumps(final)}\n\n{KEY[:9]}"

    def answer(connection: socket.socket) -> None:
        connection.sendall(SSE_HEAD)
        sse(connection, *(text[start : start + 7] for start in range(0, len(text), 7)))
        connection.sendall(b"0\r\n\r\n")

    gateway = wire.answering(answer)
    bearer = f"Bearer {gateway.token}"
    reply = gateway.post(scope, {**GOOD, "stream": True}, authorization=bearer)
    assert reply.text == text.replace(KEY, "(key)")
    assert KEY not in str(gateway.transcript(scope))
    assert "(key)" in str(gateway.transcript(scope))


@pytest.mark.parametrize("kind", ["application/json", "text/event-stream"])
def test_a_reply_that_is_packed_all_the_same_is_unpacked_and_read(wire: Wire, scope: str, kind: str) -> None:
    body = refusal(KEY)
    packed = gzip.compress(body)

    def answer(connection: socket.socket) -> None:
        head = f"HTTP/1.1 401 Unauthorized\r\ncontent-type: {kind}\r\ncontent-encoding: gzip\r\n"
        connection.sendall(f"{head}content-length: {len(packed)}\r\n\r\n".encode() + packed)

    gateway = wire.answering(answer)
    reply = gateway.post(scope, GOOD, authorization=f"Bearer {gateway.token}")
    assert "content-encoding" not in reply.headers
    assert reply.content == refusal("(key)")


def test_without_a_key_live_mode_says_what_is_missing(tmp_path: Path) -> None:
    with running(tmp_path, mode_wanted="live") as gateway:
        reply = gateway.post("a", GOOD, authorization=f"Bearer {gateway.token}")
        assert reply.status_code == 401
        assert "OPENAI_API_KEY" in reply.json()["error"]["message"]


def test_headers_of_one_connection_are_not_passed_on(wire: Wire, scope: str) -> None:
    gateway = wire.answering(plain(b"{}"))
    got = gateway.post(
        scope,
        GOOD,
        cookie="c=d",
        te="trailers",
        **{"openai-organization": "org", "accept-encoding": "gzip"},
    )
    head = wire.seen[0].partition(b"\r\n\r\n")[0].decode().lower()
    assert f"host: 127.0.0.1:{wire.port}" in head
    assert "openai-organization: org" in head
    assert "accept-encoding: identity" in head
    assert "cookie" not in head
    assert "\nte:" not in head
    assert "set-cookie" not in got.headers


def test_a_stream_passes_event_by_event(wire: Wire, scope: str) -> None:
    gate = threading.Event()
    usage = {"input_tokens": 5, "output_tokens": 6}
    final = {
        "type": "response.completed",
        "response": {"id": "r", "status": "completed", "output": [], "usage": usage},
    }

    def answer(connection: socket.socket) -> None:
        connection.sendall(SSE_HEAD)
        sse(connection, 'event: response.created\ndata: {"type": "response.created"}\n\n')
        assert gate.wait(5)
        text = f"event: response.completed\ndata: {json.dumps(final)}\n\n"
        sse(connection, text[:40], text[40:])
        connection.sendall(b"0\r\n\r\n")

    gateway = wire.answering(answer)
    request = {"authorization": "Bearer x"}
    url = f"{gateway.base(scope)}/responses"
    with gateway.http.stream("POST", url, json={**GOOD, "stream": True}, headers=request) as reply:
        pieces = reply.iter_raw()
        # The first event is here while the upstream still waits.
        assert b"response.created" in next(pieces)
        assert gateway.meter(scope)["model"]["in_flight"] == 1
        gate.set()
        assert b"response.completed" in b"".join(pieces)
    call = gateway.calls(scope)[0]
    assert (call["status"], call["input_tokens"], call["output_tokens"]) == ("completed", 5, 6)


def test_an_upstream_that_breaks_off_is_a_cut_reply(wire: Wire, scope: str) -> None:
    def answer(connection: socket.socket) -> None:
        connection.sendall(SSE_HEAD)
        sse(connection, 'event: response.created\ndata: {"type": "response.created"}\n\n')
        connection.close()

    gateway = wire.answering(answer)
    with pytest.raises(httpx2.TransportError):
        gateway.post(scope, {**GOOD, "stream": True})
    wait_until(lambda: gateway.calls(scope)[0]["status"] == "cut")
    assert gateway.meter(scope)["model"]["completed"] == 0


def test_an_upstream_that_is_down(tmp_path: Path) -> None:
    with forwarding("http://user:password@127.0.0.1:9/v1", tmp_path) as gateway:
        reply = gateway.post("down", GOOD)
        assert reply.status_code == 502
        error = reply.json()["error"]
        assert error["type"] == "server_error"
        assert "127.0.0.1" in error["message"]
        assert "password" not in reply.text
        weather = gateway.get("/s/down/weather/alerts/active/area/CA")
        assert (weather.status_code, weather.headers["content-type"]) == (502, "application/problem+json")
        assert gateway.get("/s/down/v1/models", authorization="Bearer x").status_code == 502
        assert [call["http_status"] for call in gateway.calls("down")] == [502, 502]


def test_errors_come_back_as_they_are(wire: Wire, scope: str) -> None:
    body = b'{"error": {"message": "slow down", "type": "requests", "param": null, "code": "rate_limit"}}'

    def answer(connection: socket.socket) -> None:
        head = "HTTP/1.1 429 Too Many Requests\r\nretry-after: 3\r\nx-request-id: req_1\r\n"
        head += f"content-length: {len(body)}\r\n\r\n"
        connection.sendall(head.encode() + body)

    gateway = wire.answering(answer)
    reply = gateway.post(scope, GOOD)
    assert (reply.status_code, reply.content) == (429, body)
    assert (reply.headers["retry-after"], reply.headers["x-request-id"]) == ("3", "req_1")
    call = gateway.calls(scope)[0]
    assert (call["status"], call["http_status"]) == ("failed", 429)


def test_a_caller_who_leaves_takes_the_call_to_the_model_with_it(wire: Wire, scope: str) -> None:
    def answer(connection: socket.socket) -> None:
        pass  # A model that thinks for ever.

    gateway = wire.answering(answer)
    caller = socket.create_connection(("127.0.0.1", gateway.port))
    caller.sendall(raw_request("POST", f"/s/{scope}/v1/responses", json.dumps(GOOD).encode()))
    wait_until(lambda: wire.seen)
    caller.close()
    assert wire.closed_by_caller.wait(5)
    wait_until(lambda: gateway.meter(scope)["model"]["in_flight"] == 0)
    assert gateway.calls(scope)[0]["status"] == "failed"


def test_the_tools_services_are_reached_as_they_are(wire: Wire, scope: str) -> None:
    gateway = wire.answering(plain(b"203.0.113.9\n", kind="text/plain"))
    agent = {"user-agent": "me/1.0"}
    assert gateway.get(f"/s/{scope}/ip/", **agent).text == "203.0.113.9\n"
    gateway.get(f"/s/{scope}/weather/alerts/active?area=CA%2CNV", **agent)
    gateway.get(f"/s/{scope}/geo/json/8.8.8.8?fields=status,query", **agent)
    gateway.get("/ip/", **agent)
    lines = [sent.partition(b"\r\n")[0].decode() for sent in wire.seen]
    assert lines == [
        "GET /ip/ HTTP/1.1",
        "GET /weather/alerts/active?area=CA%2CNV HTTP/1.1",
        "GET /geo/json/8.8.8.8?fields=status,query HTTP/1.1",
        "GET /ip/ HTTP/1.1",
    ]
    assert all(b"user-agent: me/1.0" in sent.lower() for sent in wire.seen)
    assert not any(b"authorization" in sent.lower() for sent in wire.seen)
    assert gateway.meter(scope)["services"] == {"weather": 1, "ip": 1, "geo": 1, "bank": 0, "library": 0}


async def test_repeats_are_seen_although_call_ids_differ(live: RunningGateway, scope: str) -> None:
    async with openai_client(live.base(scope), live.token) as client:
        for call_id in ("call_1", "call_2"):
            items: Any = [
                {"role": "user", "content": "?"},
                {"type": "function_call", "call_id": call_id, "name": "get_weather", "arguments": "{}"},
                {"type": "function_call_output", "call_id": call_id, "output": "Fog."},
            ]
            tools: Any = [tool()]
            response = await client.responses.create(model="gpt-5", input=items, tools=tools)
        await client.responses.create(model="gpt-5", input="say Bye", previous_response_id=response.id)
        await client.responses.create(model="gpt-5", input="say Bye", previous_response_id=response.id)
    assert [call["repeats"] for call in live.calls(scope)] == [None, 1, None, 3]


@pytest.mark.parametrize(
    ("kind", "more", "status"),
    [("rate_limit", {"retry_after": 2}, 429), ("server_error", {}, 500), ("garbage", {}, 200)],
)
def test_faults_work_the_same_and_cost_nothing_upstream(
    live: RunningGateway, gateway: RunningGateway, kind: str, more: dict[str, Any], status: int
) -> None:
    before = gateway.meter("up")["model"]["arrived"]
    live.fault(f"fault-{kind}", "model", kind, calls=1, **more)
    assert live.post(f"fault-{kind}", GOOD).status_code == status
    assert gateway.meter("up")["model"]["arrived"] == before
    assert live.post(f"fault-{kind}", GOOD).status_code == 200


@pytest.mark.parametrize("stream", [False, True])
def test_refuse_and_cut_in_live_mode(live: RunningGateway, stream: bool) -> None:
    scope = f"broken-{stream}"
    for kind in ("refuse", "cut"):
        live.fault(scope, "model", kind, calls=1)
        with pytest.raises(httpx2.TransportError):
            live.post(scope, {**GOOD, "stream": stream})
    wait_until(lambda: [call["status"] for call in live.calls(scope)] == ["failed", "cut"])
    assert live.post(scope, {**GOOD, "stream": stream}).status_code == 200


def test_the_mode_of_one_scope_can_differ(live: RunningGateway, gateway: RunningGateway, scope: str) -> None:
    before = gateway.meter("up")["model"]["arrived"]
    assert live.control(scope, "PUT", "mode", {"mode": "practice"})["mode"] == "practice"
    assert live.post(scope, GOOD).status_code == 200
    assert live.meter(scope)["mode"] == "practice"
    assert gateway.meter("up")["model"]["arrived"] == before
    live.control(scope, "PUT", "mode", {"mode": "default"})
    assert live.post(scope, GOOD).status_code == 200
    assert gateway.meter("up")["model"]["arrived"] == before + 1
    url = f"{live.url}/s/{scope}/control/mode"
    wrong = live.http.put(url, json={"mode": "dream"}, headers={"authorization": f"Bearer {live.token}"})
    assert wrong.status_code == 400


def test_traces_stay_here_in_live_mode_too(live: RunningGateway, gateway: RunningGateway, scope: str) -> None:
    export = {"data": [{"object": "trace", "id": "trace_1", "workflow_name": "W"}]}
    assert live.post(scope, export, "traces/ingest").status_code == 204
    assert live.control(scope, "GET", "traces")["traces"][0]["name"] == "W"
    assert gateway.control("up", "GET", "traces") == {"traces": []}


def test_chat_completions_pass_and_are_metered(wire: Wire, scope: str) -> None:
    body = json.dumps({"choices": [], "usage": {"prompt_tokens": 7, "completion_tokens": 8}}).encode()
    gateway = wire.answering(plain(body))
    reply = gateway.post(scope, {"model": "m", "messages": []}, "chat/completions")
    assert reply.content == body
    assert wire.seen[0].startswith(b"POST /v1/chat/completions ")
    counts = gateway.meter(scope)["model"]
    assert (counts["input_tokens"], counts["output_tokens"]) == (7, 8)


async def test_a_slow_upstream_holds_nobody_else(wire: Wire, scope: str) -> None:
    all_there = threading.Barrier(20, timeout=20)

    def answer(connection: socket.socket) -> None:
        all_there.wait()  # A gateway that sent one after another would never get past this.
        plain(b"{}")(connection)

    gateway = wire.answering(answer)
    async with httpx2.AsyncClient(timeout=30, verify=NO_CERTIFICATES) as client:

        async def post() -> int:
            url = f"{gateway.base(scope)}/responses"
            reply = await client.post(url, json=GOOD, headers={"authorization": "Bearer x"})
            return reply.status_code

        assert await asyncio.gather(*(post() for _ in range(20))) == [200] * 20
