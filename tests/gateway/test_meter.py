"""The meter and the transcript: what counts as completed, what as a repeat, what is kept and for how long."""

from __future__ import annotations

import threading

import pytest

from tests.gateway.gateway_servers import RunningGateway, openai_client
from tests.gateway.request_bodies import GOOD, tool
from workshop.gateway import meter
from workshop.gateway.byte_budget import ByteBudget
from workshop.settings import RUN_HEADER

pytestmark = pytest.mark.usefixtures("scripted_planner")


COUNTS = ("arrived", "completed", "failed", "in_flight", "repeats", "input_tokens", "output_tokens")


def test_the_shape_of_an_unused_meter(gateway: RunningGateway, scope: str) -> None:
    assert gateway.meter(scope) == {
        "scope": scope,
        "mode": "practice",
        "estimated": True,
        "model": dict.fromkeys(COUNTS, 0),
        "other": dict.fromkeys(COUNTS, 0),
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


def test_only_a_completed_call_has_been_paid_for(gateway: RunningGateway, scope: str) -> None:
    gateway.fault(scope, "model", "server_error", calls=1)
    gateway.fault(scope, "model", "garbage", calls=1)
    for _ in range(4):
        gateway.post(scope, GOOD)
    assert [call["repeats"] for call in gateway.calls(scope)] == [None, None, None, 3]
    assert gateway.counts(scope) == (4, 2, 2, 0, 1)


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


def test_reset_forgets_calls_but_not_stored_responses(gateway: RunningGateway, scope: str) -> None:
    made = gateway.post(scope, GOOD).json()["id"]
    gateway.control(scope, "DELETE", "meter")
    assert gateway.counts(scope) == (0, 0, 0, 0, 0)
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
    assert gateway.counts(scope) == (0, 0, 0, 0, 0)


def test_a_repeat_is_one_within_a_run(gateway: RunningGateway, scope: str) -> None:
    for run in ("one", "two", "one", "", ""):
        gateway.post(scope, {**GOOD, "input": "say A"}, **({RUN_HEADER: run} if run else {}))
    assert [call["repeats"] for call in gateway.calls(scope)] == [None, None, 1, None, 4]


async def test_the_meter_is_right_the_moment_the_reply_is_there(gateway: RunningGateway, scope: str) -> None:
    async with openai_client(gateway.base(scope)) as client:
        for number in range(1, 8):
            await client.responses.create(model="gpt-5", input=f"say {number}")
            assert gateway.meter(scope)["model"]["completed"] == number


def test_bodies_are_kept_for_the_last_calls_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(meter, "MOST_BODIES", 3)
    budget = ByteBudget(10_000)
    found = meter.Meter(budget)
    for number in range(5):
        call = found.arrive("model", b'{"n": %d}' % number)
        found.finish(call, "completed", 200, meter.Outcome(1, 1, response=b"{}"))
    assert [call["request"] for call in found.transcript()["calls"]] == [{"n": 2}, {"n": 3}, {"n": 4}]
    assert len(found.describe("s", "practice")["calls"]) == 5
    assert found.describe("s", "practice")["model"]["completed"] == 5
    found.close()
    assert budget.total == 0
