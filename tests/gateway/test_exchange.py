"""The meter and the transcript: what counts as completed, what as a repeat, what is kept and for how long."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from tests.gateway.gateway_servers import RunningGateway, openai_client, running, scripted, tool, wait_until

from workshop.gateway import identity, meter, replies
from workshop.gateway.budget import Budget
from workshop.gateway.scopes import MOST_SCOPES, Scopes

GOOD: dict[str, Any] = {"model": "gpt-5", "input": "say Hi"}
COUNTS = ("arrived", "completed", "failed", "in_flight", "repeats")


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


def counts(gateway: RunningGateway, scope: str) -> tuple[int, ...]:
    model = gateway.meter(scope)["model"]
    return tuple(model[name] for name in COUNTS)


def test_the_shape_of_an_unused_meter(gateway: RunningGateway, scope: str) -> None:
    assert gateway.meter(scope) == {
        "scope": scope,
        "mode": "practice",
        "estimated": True,
        "model": dict.fromkeys((*COUNTS, "input_tokens", "output_tokens"), 0),
        "services": {"weather": 0, "ip": 0, "geo": 0, "bank": 0, "library": 0},
        "calls": [],
    }
    assert gateway.transcript(scope) == []


def test_each_call_is_listed_with_its_tokens_and_what_it_did(gateway: RunningGateway, scope: str) -> None:
    asked = 'call get_weather {"state":"CA"}; call get_weather {"state":"NY"}'
    usage = gateway.post(scope, {**GOOD, "input": asked, "tools": [tool()]}).json()["usage"]
    gateway.get(f"/s/{scope}/weather/alerts/active/area/CA")
    gateway.get(f"/s/{scope}/ip/")
    gateway.get(f"/s/{scope}/geo/json/203.0.113.42")
    gateway.get(f"/s/{scope}/weather/alerts/active/area/XX")
    gateway.post(scope, {**GOOD, "stream": True})
    told = gateway.meter(scope)
    model, weather, ip, geo, wrong, streamed = told["calls"]
    assert model == {
        "n": 1,
        "route": "model",
        "status": "completed",
        "http_status": 200,
        "repeats": None,
        "input_tokens": usage["input_tokens"],
        "output_tokens": usage["output_tokens"],
        "fault": None,
        "summary": "asks for get_weather(state='CA') and get_weather(state='NY')",
    }
    assert (weather["route"], weather["summary"]) == ("weather", "GET /alerts/active/area/CA")
    assert (weather["input_tokens"], weather["repeats"]) == (None, None)
    assert (ip["route"], geo["route"]) == ("ip", "geo")
    assert (wrong["status"], wrong["http_status"], wrong["summary"]) == ("failed", 400, "error 400")
    assert streamed["summary"] == "answers"
    assert told["services"] == {"weather": 2, "ip": 1, "geo": 1, "bank": 0, "library": 0}
    assert told["model"]["input_tokens"] == model["input_tokens"] + streamed["input_tokens"]


def test_a_repeat_names_the_call_that_paid(gateway: RunningGateway, scope: str) -> None:
    for question in ("say A", "say B", "say A", "say A"):
        gateway.post(scope, {**GOOD, "input": question})
    assert [call["repeats"] for call in gateway.calls(scope)] == [None, None, 1, 1]
    assert gateway.meter(scope)["model"]["repeats"] == 2


def test_what_does_not_make_a_call_another_one(gateway: RunningGateway, scope: str) -> None:
    tools = [tool()]
    body = {**GOOD, "instructions": "I", "tools": tools}
    same: list[dict[str, Any]] = [
        {"stream": True},
        {"metadata": {"a": "b"}},
        {"prompt_cache_key": "k"},
        {"tool_choice": "auto"},
        {"text": {"format": {"type": "text"}}},
        {"input": [{"role": "user", "content": "say Hi"}]},
        {
            "input": [
                {"type": "message", "role": "user", "content": [{"type": "input_text", "text": "say Hi"}]}
            ]
        },
        {"user": "u", "store": False},
    ]
    gateway.post(scope, body)
    for change in same:
        assert gateway.post(scope, {**body, **change}).status_code == 200
    assert [call["repeats"] for call in gateway.calls(scope)] == [None] + [1] * len(same)


def test_what_makes_a_call_another_one(gateway: RunningGateway, scope: str) -> None:
    body = {**GOOD, "instructions": "I", "tools": [tool()]}
    others: list[dict[str, Any]] = [
        {"model": "gpt-6"},
        {"instructions": "J"},
        {"input": "say Ho"},
        {"tools": []},
        {"tools": [tool("other")]},
        {"tool_choice": "none"},
        {"text": {"format": {"type": "json_schema", "name": "a", "schema": {"type": "object"}}}},
    ]
    gateway.post(scope, body)
    for change in others:
        assert gateway.post(scope, {**body, **change}).status_code == 200, change
    assert gateway.meter(scope)["model"]["repeats"] == 0


def test_the_same_conversation_is_the_same_however_it_is_told(gateway: RunningGateway, scope: str) -> None:
    ask = {**GOOD, "input": 'call get_weather {"state":"CA"}', "tools": [tool()]}
    first = gateway.post(scope, ask).json()
    call = first["output"][0]
    output = {"type": "function_call_output", "call_id": call["call_id"], "output": "Fog."}
    gateway.post(scope, {**ask, "previous_response_id": first["id"], "input": [output]})
    # The same by hand: other call id, no item ids, the arguments spaced another way, the output in parts.
    other = {
        "type": "function_call",
        "call_id": "mine",
        "name": "get_weather",
        "arguments": '{"state": "CA"}',
    }
    told = [
        {"role": "user", "content": ask["input"]},
        other,
        {**output, "call_id": "mine", "output": [{"type": "input_text", "text": "Fog."}]},
    ]
    gateway.post(scope, {**ask, "input": told})
    assert [each["repeats"] for each in gateway.calls(scope)] == [None, None, 2]


def test_call_ids_count_by_order() -> None:
    def talk(*ids: str) -> bytes:
        return identity.of(
            {"model": "m"},
            [
                {"type": "function_call", "call_id": ids[0], "name": "n", "arguments": "{}"},
                {"type": "function_call", "call_id": ids[1], "name": "n", "arguments": "{}"},
                {"type": "function_call_output", "call_id": ids[2], "output": "x"},
                {"type": "reasoning", "id": ids[0], "encrypted_content": ids[1], "summary": []},
            ],
        )

    assert talk("a", "b", "a") == talk("c", "d", "c") != talk("a", "b", "b")


def test_only_a_completed_call_has_been_paid_for(gateway: RunningGateway, scope: str) -> None:
    gateway.fault(scope, "model", "server_error", calls=1)
    gateway.fault(scope, "model", "garbage", calls=1)
    for _ in range(4):
        gateway.post(scope, GOOD)
    assert [call["repeats"] for call in gateway.calls(scope)] == [None, None, None, 3]
    assert counts(gateway, scope) == (4, 2, 2, 0, 1)


def test_scopes_do_not_mix(gateway: RunningGateway, scope: str) -> None:
    for name in (scope, scope + ".b"):
        gateway.post(name, GOOD)
        assert counts(gateway, name) == (1, 1, 0, 0, 0)


def test_the_transcript_tells_what_was_sent_and_what_came_back(gateway: RunningGateway, scope: str) -> None:
    sent = {**GOOD, "stream": True, "text": {"verbosity": "low"}}
    gateway.post(scope, sent)
    plain = gateway.post(scope, {**GOOD, "text": {"verbosity": "low"}})
    gateway.get(f"/s/{scope}/ip/?a=b")
    gateway.fault(scope, "model", "refuse", calls=1)
    with pytest.raises(Exception, match=r".*"):
        gateway.post(scope, GOOD)
    streamed, again, ip, refused = gateway.transcript(scope)
    assert streamed["request"] == sent
    assert streamed["response"] == again["response"] == plain.json()
    assert ip["request"] == {"method": "GET", "path": f"/s/{scope}/ip/", "query": "a=b"}
    assert ip["response"] == "203.0.113.42\n"
    assert (refused["request"], refused["response"], refused["http_status"]) == (GOOD, None, None)
    assert [call["n"] for call in gateway.transcript(scope)] == [1, 2, 3, 4]


def test_no_key_is_kept(gateway: RunningGateway, scope: str) -> None:
    gateway.post(scope, GOOD, authorization="Bearer a-very-secret-key")
    assert "a-very-secret-key" not in str(gateway.transcript(scope)) + str(gateway.meter(scope))


def test_reset_forgets_calls_but_not_stored_responses(gateway: RunningGateway, scope: str) -> None:
    made = gateway.post(scope, GOOD).json()["id"]
    gateway.control(scope, "DELETE", "meter")
    assert counts(gateway, scope) == (0, 0, 0, 0, 0)
    assert gateway.transcript(scope) == []
    assert gateway.post(scope, {**GOOD, "previous_response_id": made}).status_code == 200
    gateway.post(scope, GOOD)
    # What was paid before the reset is forgotten too, and numbers start again.
    assert [(call["n"], call["repeats"]) for call in gateway.calls(scope)] == [(1, None), (2, None)]


def test_a_call_under_way_at_the_reset_is_not_counted(gateway: RunningGateway, scope: str) -> None:
    fault = gateway.fault(scope, "model", "delay")
    held = threading.Thread(target=gateway.post, args=(scope, GOOD))
    held.start()
    gateway.control(scope, "GET", f"faults/{fault}?hits=1&timeout=5")
    gateway.control(scope, "DELETE", "meter")
    gateway.control(scope, "DELETE", "faults")
    held.join(5)
    assert counts(gateway, scope) == (0, 0, 0, 0, 0)


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
    assert counts(gateway, scope) == (2, 2, 0, 0, 0)


def request_bytes(scope: str, body: bytes, more: str = "") -> bytes:
    head = f"POST /s/{scope}/v1/responses HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer x\r\n{more}"
    return f"{head}content-length: {len(body)}\r\n\r\n".encode() + body


def test_a_caller_who_never_reads_a_large_reply_is_no_completed_call(
    gateway: RunningGateway, scope: str
) -> None:
    with socket.create_connection(("127.0.0.1", gateway.port)) as caller:
        caller.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        caller.sendall(
            request_bytes(
                scope, b'{"model": "m", "input": "say Hi", "metadata": {"a": "' + b"x" * 7_000_000 + b'"}}'
            )
        )
        caller.recv(1000)
        wait_until(lambda: gateway.meter(scope)["model"]["arrived"] == 1)
        assert counts(gateway, scope) == (1, 0, 0, 1, 0)
    wait_until(lambda: gateway.meter(scope)["model"]["in_flight"] == 0)
    assert counts(gateway, scope) == (1, 0, 1, 0, 0)
    assert gateway.calls(scope)[0]["status"] == "cut"


def test_a_caller_who_wants_the_connection_closed_is_served_whole(
    gateway: RunningGateway, scope: str
) -> None:
    with socket.create_connection(("127.0.0.1", gateway.port), timeout=5) as caller:
        caller.sendall(request_bytes(scope, b'{"model": "m", "input": "say Hi"}', "connection: close\r\n"))
        pieces = b""
        while piece := caller.recv(65536):
            pieces += piece
    assert pieces.endswith(b"}")
    wait_until(lambda: counts(gateway, scope) == (1, 1, 0, 0, 0))


async def test_the_meter_is_right_the_moment_the_reply_is_there(gateway: RunningGateway, scope: str) -> None:
    async with openai_client(gateway.base(scope)) as client:
        for number in range(1, 8):
            await client.responses.create(model="gpt-5", input=f"say {number}")
            assert gateway.meter(scope)["model"]["completed"] == number


def test_bodies_are_kept_for_the_last_calls_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(meter, "MOST_BODIES", 3)
    budget = Budget(10_000)
    found = meter.Meter(budget)
    for number in range(5):
        call = found.arrive("model", b'{"n": %d}' % number)
        found.finish(call, "completed", 200, meter.Outcome(1, 1, response=b"{}"))
    assert [call["request"] for call in found.transcript()["calls"]] == [{"n": 2}, {"n": 3}, {"n": 4}]
    assert len(found.describe("s", "practice")["calls"]) == 5
    assert found.describe("s", "practice")["model"]["completed"] == 5
    found.close()
    assert budget.total == 0


def test_bodies_share_a_budget_of_bytes() -> None:
    budget = Budget(100)
    held = [budget.hold(b"x" * 40) for _ in range(4)]
    assert [holding.size for holding in held] == [0, 0, 40, 40]
    assert budget.total == 80
    held[3].drop()
    held[3].drop()
    assert budget.total == 40
    assert budget.hold(b"y" * 1000).data is None


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
