"""What makes two calls the same call, and what does not."""

from __future__ import annotations

from typing import Any

import pytest

from tests.gateway.gateway_servers import RunningGateway
from tests.gateway.request_bodies import GOOD, tool
from workshop.gateway.responses_api import fingerprint

pytestmark = pytest.mark.usefixtures("scripted_planner")


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
        return fingerprint.of(
            {"model": "m"},
            [
                {"type": "function_call", "call_id": ids[0], "name": "n", "arguments": "{}"},
                {"type": "function_call", "call_id": ids[1], "name": "n", "arguments": "{}"},
                {"type": "function_call_output", "call_id": ids[2], "output": "x"},
                {"type": "reasoning", "id": ids[0], "encrypted_content": ids[1], "summary": []},
            ],
        )

    assert talk("a", "b", "a") == talk("c", "d", "c") != talk("a", "b", "b")
