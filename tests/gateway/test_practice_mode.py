"""Practice mode: what reaches the planner, what its replies say of themselves, and what is said when it fails."""

from __future__ import annotations

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from openai import AsyncOpenAI

from tests.gateway.gateway_servers import RunningGateway, error_of, scripted, strictly
from tests.gateway.request_bodies import GOOD, parameters, text_format, tool, wide
from workshop.gateway import practice_mode
from workshop.gateway.responses_api import apology
from workshop.practice.model import Decision, PlanRequest

pytestmark = pytest.mark.usefixtures("scripted_planner")

TOOL: Any = tool()


async def test_it_says_that_it_is_no_language_model(client: AsyncOpenAI) -> None:
    raw = await client.responses.with_raw_response.create(model="gpt-5", input="say Hi.")
    assert raw.headers["x-workshop-model"] == "practice (a deterministic planner, not a language model)"
    assert raw.headers["x-workshop-rule"] == "test"
    assert raw.headers["x-request-id"].startswith("req_")


@pytest.mark.parametrize(
    ("choice", "sent"),
    [
        (None, "auto"),
        ("auto", "auto"),
        ("none", "none"),
        ("required", "required"),
        ({"type": "function", "name": "get_weather"}, {"type": "function", "name": "get_weather"}),
        (
            {
                "type": "allowed_tools",
                "mode": "required",
                "tools": [{"type": "function", "name": "get_weather"}],
            },
            "required",
        ),
    ],
)
async def test_tool_choice_reaches_the_planner(
    client: AsyncOpenAI, monkeypatch: pytest.MonkeyPatch, choice: Any, sent: Any
) -> None:
    seen: list[Any] = []

    def spy(request: Any) -> Any:
        seen.append(request)
        return scripted(request)

    monkeypatch.setattr(practice_mode, "plan", spy)
    more = {} if choice is None else {"tool_choice": choice}
    tools: Any = [TOOL, tool("other")]
    response = strictly(await client.responses.create(model="gpt-5", input="say Hi", tools=tools, **more))
    assert seen[0].tool_choice == sent
    names = [tool["name"] for tool in seen[0].tools]
    narrowed = isinstance(choice, dict) and choice["type"] == "allowed_tools"
    assert names == (["get_weather"] if narrowed else ["get_weather", "other"])
    echoed = response.to_dict()["tool_choice"]
    assert echoed == (choice or "auto")


async def test_models(client: AsyncOpenAI) -> None:
    assert [model.id async for model in client.models.list()] == ["practice-model"]
    assert (await client.models.retrieve("gpt-5")).id == "gpt-5"


@pytest.fixture
def failing_planner(scripted_planner: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(request: PlanRequest) -> None:
        raise ZeroDivisionError(f"at {request.items}")

    monkeypatch.setattr(practice_mode, "plan", fail)


# A planner that fails is told as a reply, not as a 500: the SDK takes a 500 for a moment's trouble and asks twice
# more, and then the learner's own program dies of a fault that is the course's.
@pytest.mark.usefixtures("failing_planner")
def test_a_planner_that_fails_says_so(
    gateway: RunningGateway, scope: str, caplog: pytest.LogCaptureFixture
) -> None:
    reply = gateway.post(scope, {**GOOD, "input": "say something private"})
    assert reply.status_code == 200
    assert reply.headers["x-workshop-rule"] == "planner_failed"
    assert reply.json()["output"][0]["content"][0]["text"] == apology.TEXT
    streamed = gateway.post(scope, {**GOOD, "stream": True})
    assert "I cannot answer this: the practice model failed on it." in streamed.text
    assert [call["status"] for call in gateway.calls(scope)] == ["completed", "completed"]
    assert "ZeroDivisionError at test_practice_mode.py" in caplog.text
    assert "private" not in caplog.text


@pytest.mark.usefixtures("failing_planner")
def test_a_planner_that_fails_says_so_within_the_schema_or_not_at_all(
    gateway: RunningGateway, scope: str
) -> None:
    reply = gateway.post(scope, {**GOOD, **text_format(wide(1))})
    assert json.loads(reply.json()["output"][0]["content"][0]["text"]) == {"p0": apology.TEXT}
    # false would pass for an answer.
    yes_or_no = {"type": "object", "properties": {"safe": {"type": "boolean"}}, "required": ["safe"]}
    reply = gateway.post(scope, {**GOOD, **text_format(yes_or_no)})
    assert reply.status_code == 500
    assert error_of(reply) == {"message": apology.TEXT, "type": "server_error", "param": None, "code": None}
    assert [call["status"] for call in gateway.calls(scope)] == ["completed", "failed"]


def test_a_long_thought_holds_up_nobody(
    gateway: RunningGateway, scope: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    thinking, may_answer = threading.Event(), threading.Event()

    def slow(request: PlanRequest) -> Decision:
        thinking.set()
        assert may_answer.wait(10)
        return Decision(rule="test", text="At last.")

    with monkeypatch.context() as patch, ThreadPoolExecutor(1) as pool:
        patch.setattr(practice_mode, "plan", slow)
        sent = pool.submit(gateway.post, scope, {**GOOD, **parameters(wide(1000))})
        try:
            assert thinking.wait(10)
            assert gateway.get("/health").status_code == 200
        finally:
            may_answer.set()
        assert sent.result().status_code == 200
