"""What a chat request says, in the Responses API's terms, and what is wrong with one."""

from __future__ import annotations

from typing import Any

import pytest

from tests.gateway.request_bodies import tool
from workshop.gateway.chat_completions import chat_request
from workshop.gateway.errors import ApiError

USER = {"role": "user", "content": "Hi"}
CALL = {"id": "c1", "type": "function", "function": {"name": "get_weather", "arguments": "{}"}}
CALLS = {"role": "assistant", "content": None, "tool_calls": [CALL]}


def chat_tool(**changed: Any) -> dict[str, Any]:
    function = {key: value for key, value in tool().items() if key != "type"}
    return {"type": "function", "function": function | changed}


def parse(**body: Any) -> Any:
    return chat_request.parse({"model": "m", "messages": [USER], **body})


def test_a_conversation_becomes_items() -> None:
    messages = [
        {"role": "system", "content": "You help."},
        {"role": "developer", "content": [{"type": "text", "text": "Be short."}]},
        USER,
        {**CALLS, "content": "One moment."},
        {"role": "tool", "tool_call_id": "c1", "content": [{"type": "text", "text": "Fog."}]},
        {"role": "system", "content": "Be kind."},
    ]
    request = parse(messages=messages)
    assert request.body["instructions"] == "You help.\nBe short."
    assert request.items == [
        USER,
        {"role": "assistant", "content": "One moment."},
        {"type": "function_call", "call_id": "c1", "name": "get_weather", "arguments": "{}"},
        {
            "type": "function_call_output",
            "call_id": "c1",
            "output": [{"type": "input_text", "text": "Fog."}],
        },
        {"role": "system", "content": "Be kind."},
    ]


def test_settings_become_settings() -> None:
    schema = {"type": "object", "properties": {}, "required": [], "additionalProperties": False}
    request = parse(
        tools=[chat_tool()],
        tool_choice={"type": "function", "function": {"name": "get_weather"}},
        response_format={
            "type": "json_schema",
            "json_schema": {"name": "a", "strict": True, "schema": schema},
        },
        max_completion_tokens=3,
        n=1,
        parallel_tool_calls=False,
    )
    assert request.tools == [tool()]
    assert request.tool_choice == {"type": "function", "name": "get_weather"}
    assert request.text_format == {"type": "json_schema", "name": "a", "strict": True, "schema": schema}
    assert (request.max_output_tokens, request.parallel_tool_calls) == (3, False)
    allowed = {"mode": "required", "tools": [{"type": "function", "function": {"name": "get_weather"}}]}
    chosen = parse(tools=[chat_tool()], tool_choice={"type": "allowed_tools", "allowed_tools": allowed})
    assert chosen.tool_choice == "required"


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"messages": None}, "messages"),
    ({"messages": []}, "messages"),
    ({"messages": "Hi"}, "messages"),
    ({"messages": ["Hi"]}, "messages[0]"),
    ({"messages": [{"role": "boss", "content": "Hi"}]}, "messages[0].role"),
    ({"messages": [{"role": "user"}]}, "messages[0].content"),
    ({"messages": [{"role": "user", "content": [{"type": "text"}]}]}, "messages[0].content[0].text"),
    ({"messages": [{"role": "user", "content": [{"type": "smell"}]}]}, "messages[0].content[0].type"),
    ({"messages": [{"role": "user", "content": [{"type": "image_url"}]}]}, "messages"),
    ({"messages": [{"role": "user", "content": [{"type": []}]}]}, "messages[0].content[0].type"),
    ({"messages": [USER, CALLS]}, "messages"),
    ({"messages": [USER, CALLS, USER]}, "messages"),
    ({"messages": [USER, {"role": "tool", "tool_call_id": "c1", "content": "Fog."}]}, "messages[1].role"),
    ({"messages": [USER, {**CALLS, "tool_calls": [{"id": "c1"}]}]}, "messages[1].tool_calls[0].function"),
    ({"model": None}, "model"),
    ({"tools": [tool()]}, "tools[0].function"),
    ({"tools": [{"type": "custom"}]}, "tools[0].type"),
    ({"tools": [chat_tool(name="a b")]}, "tools[0].function.name"),
    ({"tools": [chat_tool(parameters=5)]}, "tools[0].function.parameters"),
    ({"tool_choice": "required"}, "tool_choice"),
    ({"tool_choice": {"type": "function", "function": {"name": "none"}}}, "tool_choice"),
    ({"parallel_tool_calls": True}, "parallel_tool_calls"),
    ({"response_format": {"type": "yaml"}}, "response_format.type"),
    ({"response_format": {"type": "json_schema"}}, "response_format.json_schema"),
    (
        {"response_format": {"type": "json_schema", "json_schema": {"name": "a"}}},
        "response_format.json_schema.schema",
    ),
    ({"max_tokens": 0}, "max_tokens"),
    ({"temperature": 3}, "temperature"),
    ({"n": 2}, "n"),
    ({"reasoning_effort": "banana"}, "reasoning_effort"),
    ({"verbosity": "loud"}, "verbosity"),
    ({"service_tier": "first class"}, "service_tier"),
    ({"logprobs": True}, "logprobs"),
    ({"stop": ["x"]}, "stop"),
    ({"functions": []}, "functions"),
]


@pytest.mark.parametrize(
    ("changed", "param"), WRONG, ids=[f"{param}-{n}" for n, (_, param) in enumerate(WRONG)]
)
def test_what_is_wrong_is_named_as_the_caller_knows_it(changed: dict[str, Any], param: str) -> None:
    with pytest.raises(ApiError) as caught:
        parse(**changed)
    assert (caught.value.status, caught.value.param) == (400, param)
    assert "text.format" not in caught.value.message
