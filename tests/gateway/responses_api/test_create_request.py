"""What is wrong with a request is said with the parameter at fault; what a client may send besides is taken."""

from __future__ import annotations

from typing import Any

import pytest
from openai import AsyncOpenAI

from tests.gateway.gateway_servers import RunningGateway, error_of, strictly
from tests.gateway.request_bodies import GOOD, function, parameters, text_format, tool, wide
from workshop.gateway.errors import ApiError
from workshop.gateway.responses_api import create_request, request_items, tokens

pytestmark = pytest.mark.usefixtures("scripted_planner")

OBJECT = {"type": "object", "properties": {}}
PARAMETERS, NO_SCHEMA = "tools[0].parameters", "invalid_function_parameters"
MISSING, TYPE, VALUE = "missing_required_parameter", "invalid_type", "invalid_value"


def item(kind: str, **fields: Any) -> dict[str, Any]:
    return {"input": [{"type": kind, "call_id": "c", **fields}]}


BAD: list[tuple[str, dict[str, Any], str | None, str | None]] = [
    ("no model", {"model": None}, "model", MISSING),
    ("no input", {"input": None}, "input", MISSING),
    ("model is a number", {"model": 5}, "model", TYPE),
    ("input is a number", {"input": 5}, "input", TYPE),
    ("instructions is a list", {"instructions": []}, "instructions", TYPE),
    ("stream is a word", {"stream": "yes"}, "stream", TYPE),
    ("store is a number", {"store": 1}, "store", TYPE),
    ("parallel_tool_calls is a word", {"parallel_tool_calls": "no"}, "parallel_tool_calls", TYPE),
    ("tools is an object", {"tools": {}}, "tools", TYPE),
    ("metadata is a list", {"metadata": []}, "metadata", TYPE),
    ("metadata holds a number", {"metadata": {"a": 1}}, "metadata.a", TYPE),
    ("max_output_tokens is true", {"max_output_tokens": True}, "max_output_tokens", TYPE),
    (
        "max_output_tokens too small",
        {"max_output_tokens": 15},
        "max_output_tokens",
        "integer_below_min_value",
    ),
    ("too hot", {"temperature": 3}, "temperature", "decimal_above_max_value"),
    ("truncation", {"truncation": "some"}, "truncation", VALUE),
    ("conversation is a number", {"conversation": 1}, "conversation", TYPE),
    ("conversation has no id", {"conversation": {}}, "conversation.id", MISSING),
    (
        "two pasts",
        {"conversation": "conv_1", "previous_response_id": "resp_1"},
        "previous_response_id",
        "mutually_exclusive_parameters",
    ),
    (
        "too much metadata",
        {"metadata": {f"k{n}": "v" for n in range(17)}},
        "metadata",
        "object_above_max_properties",
    ),
    ("prompt", {"prompt": {"id": "p"}}, "prompt", "unsupported_parameter"),
    ("an item is a word", {"input": ["hi"]}, "input[0]", TYPE),
    ("an item has no type", {"input": [{"content": "hi"}]}, "input[0].type", MISSING),
    ("a role that is none", {"input": [{"role": "boss", "content": "hi"}]}, "input[0].role", VALUE),
    ("an id is a list", {"input": [{"role": "user", "content": "hi", "id": []}]}, "input[0].id", TYPE),
    ("an effort that is none", {"reasoning": {"effort": "banana"}}, "reasoning.effort", VALUE),
    ("a verbosity that is none", {"text": {"verbosity": "loud"}}, "text.verbosity", VALUE),
    ("a tier that is none", {"service_tier": "first class"}, "service_tier", VALUE),
    ("more that is none", {"include": ["everything"]}, "include[0]", VALUE),
    ("no tool calls", {"max_tool_calls": 0}, "max_tool_calls", "integer_below_min_value"),
    ("many logprobs", {"top_logprobs": 21}, "top_logprobs", "integer_above_max_value"),
    ("a long value", {"metadata": {"a": "v" * 513}}, "metadata", "string_above_max_length"),
    (
        "a part that is none",
        {"input": [{"role": "user", "content": [{"type": "text", "text": "hi"}]}]},
        "input[0].content[0].type",
        VALUE,
    ),
    ("no content", {"input": [{"role": "user"}]}, "input[0].content", MISSING),
    ("content is a number", {"input": [{"role": "user", "content": 5}]}, "input[0].content", TYPE),
    ("a part is a word", {"input": [{"role": "user", "content": ["x"]}]}, "input[0].content[0]", TYPE),
    (
        "a text part without text",
        {"input": [{"role": "user", "content": [{"type": "input_text"}]}]},
        "input[0].content[0].text",
        MISSING,
    ),
    (
        "arguments is an object",
        item("function_call", name="n", arguments={}),
        "input[0].arguments",
        TYPE,
    ),
    ("an output without its call", item("function_call_output", output="x"), "input", None),
    ("a call without its output", item("function_call", name="n", arguments="{}"), "input", None),
    ("a tool is a word", {"tools": ["x"]}, "tools[0]", TYPE),
    ("a tool of an unknown type", {"tools": [{"type": "magic"}]}, "tools[0].type", VALUE),
    (
        "a tool in the chat shape",
        {"tools": [{"type": "function", "function": {"name": "x"}}]},
        "tools[0].name",
        MISSING,
    ),
    ("a name with a space", function(name="get weather"), "tools[0].name", VALUE),
    ("strict is a word", function(strict="yes"), "tools[0].strict", TYPE),
    ("parameters is a list", parameters([]), PARAMETERS, NO_SCHEMA),
    ("parameters of a string", parameters({"type": "string"}), PARAMETERS, NO_SCHEMA),
    ("parameters without type", parameters({}), PARAMETERS, NO_SCHEMA),
    (
        "a type that is none",
        parameters({**OBJECT, "properties": {"a": {"type": "text"}}}),
        PARAMETERS,
        NO_SCHEMA,
    ),
    ("properties is a list", parameters({**OBJECT, "properties": []}), PARAMETERS, NO_SCHEMA),
    ("a property is a word", parameters({**OBJECT, "properties": {"a": "string"}}), PARAMETERS, NO_SCHEMA),
    ("required is a word", parameters({**OBJECT, "required": "a"}), PARAMETERS, NO_SCHEMA),
    ("an empty enum", parameters({**OBJECT, "properties": {"a": {"enum": []}}}), PARAMETERS, NO_SCHEMA),
    ("an empty anyOf", parameters({**OBJECT, "properties": {"a": {"anyOf": []}}}), PARAMETERS, NO_SCHEMA),
    (
        "a reference to nowhere",
        parameters({**OBJECT, "properties": {"a": {"$ref": "#/$defs/A"}}}),
        PARAMETERS,
        NO_SCHEMA,
    ),
    (
        "strict without required",
        parameters({**OBJECT, "properties": {"a": {"type": "string"}}, "additionalProperties": False}, True),
        PARAMETERS,
        NO_SCHEMA,
    ),
    ("strict with more properties", parameters({**OBJECT, "required": []}, True), PARAMETERS, NO_SCHEMA),
    ("unknown tool choice", {**function(), "tool_choice": "maybe"}, "tool_choice", VALUE),
    (
        "tool choice of an unknown type",
        {**function(), "tool_choice": {"type": "magic"}},
        "tool_choice.type",
        VALUE,
    ),
    (
        "a tool that is not there",
        {**function(), "tool_choice": {"type": "function", "name": "other"}},
        "tool_choice",
        None,
    ),
    (
        "a tool choice without a name",
        {**function(), "tool_choice": {"type": "function"}},
        "tool_choice.name",
        MISSING,
    ),
    ("tool choice's type is a list", {**function(), "tool_choice": {"type": []}}, "tool_choice.type", TYPE),
    ("tool choice's type is missing", {**function(), "tool_choice": {}}, "tool_choice.type", MISSING),
    (
        "an allowed tool's name is a list",
        {
            **function(),
            "tool_choice": {
                "type": "allowed_tools",
                "mode": "auto",
                "tools": [{"type": "function", "name": []}],
            },
        },
        "tool_choice.tools[0].name",
        TYPE,
    ),
    (
        "an allowed tool is a word",
        {**function(), "tool_choice": {"type": "allowed_tools", "mode": [], "tools": ["x"]}},
        "tool_choice",
        VALUE,
    ),
    ("a format's type is a list", {"text": {"format": {"type": []}}}, "text.format.type", VALUE),
    ("a role is a list", {"input": [{"role": [], "content": "hi"}]}, "input[0].role", VALUE),
    ("129 tools", {"tools": [tool(f"t{n}") for n in range(129)]}, "tools", "array_above_max_length"),
    ("1,001 properties in a tool", parameters(wide(1001)), PARAMETERS, NO_SCHEMA),
    (
        "1,001 properties in a format, some of them below",
        text_format({**wide(2), "$defs": {"A": wide(999)}}),
        "text.format.schema",
        "invalid_json_schema",
    ),
    (
        "3,001 properties in all",
        {"tools": [*({**tool(f"t{n}", strict=False), "parameters": wide(750)} for n in range(4)), tool()]},
        "tools",
        VALUE,
    ),
    ("more than can be read", {"input": "1" * 1_100_000}, "input", "context_length_exceeded"),
    ("required without tools", {"tool_choice": "required"}, "tool_choice", None),
    (
        "only hosted tools, one of them required",
        {"tools": [{"type": "web_search"}], "tool_choice": "required"},
        "tool_choice",
        "unsupported_parameter",
    ),
    (
        "a picture to look at",
        {"input": [{"role": "user", "content": [{"type": "input_image", "image_url": "data:,"}]}]},
        "input[0].content[0]",
        "unsupported_content_type",
    ),
    (
        "a hosted tool forced",
        {"tools": [{"type": "web_search"}], "tool_choice": {"type": "web_search"}},
        "tool_choice",
        "unsupported_parameter",
    ),
    (
        "an allowed tool that is not there",
        {
            **function(),
            "tool_choice": {"type": "allowed_tools", "mode": "auto", "tools": [{"name": "other"}]},
        },
        "tool_choice",
        None,
    ),
    ("text is a word", {"text": "json"}, "text", TYPE),
    ("format is a word", {"text": {"format": "json"}}, "text.format", TYPE),
    ("an unknown format", {"text": {"format": {"type": "xml"}}}, "text.format.type", VALUE),
    (
        "a format without a name",
        {"text": {"format": {"type": "json_schema", "schema": OBJECT}}},
        "text.format.name",
        MISSING,
    ),
    (
        "a format without a schema",
        {"text": {"format": {"type": "json_schema", "name": "a"}}},
        "text.format.schema",
        MISSING,
    ),
    ("a format schema that is none", text_format("object"), "text.format.schema", "invalid_json_schema"),
    (
        "a strict format that is not",
        text_format({"type": "object", "properties": {}}, strict=True),
        "text.format.schema",
        "invalid_json_schema",
    ),
]


def check(body: dict[str, Any]) -> None:
    """Every check that a request goes through, in order."""
    request = create_request.parse(body)
    request_items.check_pairs(request.items)
    create_request.check_length(tokens.estimate_text(request, request.items))


@pytest.mark.parametrize(
    ("change", "param", "code"), [each[1:] for each in BAD], ids=[each[0] for each in BAD]
)
def test_a_wrong_request(change: dict[str, Any], param: str | None, code: str | None) -> None:
    body = {key: value for key, value in {**GOOD, **change}.items() if value is not None}
    with pytest.raises(ApiError) as caught:
        check(body)
    error = caught.value
    assert (error.status, error.kind, error.param, error.code) == (400, "invalid_request_error", param, code)


def test_a_refusal_is_in_the_shape_that_the_real_api_has(gateway: RunningGateway, scope: str) -> None:
    reply = gateway.post(scope, {**GOOD, "tool_choice": "maybe"})
    assert (reply.status_code, reply.headers["content-type"]) == (400, "application/json")
    error = error_of(reply)
    assert (error["type"], error["param"], error["code"]) == ("invalid_request_error", "tool_choice", VALUE)


async def test_what_a_client_may_send_besides_is_taken(client: AsyncOpenAI) -> None:
    everything: Any = {
        "reasoning": {"effort": "low"},
        "include": ["reasoning.encrypted_content"],
        "metadata": {"who": "me"},
        "truncation": "auto",
        "temperature": 0.2,
        "top_p": 0.9,
        "user": "someone",
        "service_tier": "auto",
        "prompt_cache_key": "k",
        "safety_identifier": "s",
        "background": False,
        "top_logprobs": 2,
        "max_tool_calls": 3,
        "tools": [{"type": "function", "name": "bare"}],
        "text": {"verbosity": "low"},
        "extra_body": {"from_the_future": {"a": [1]}},
    }
    response = strictly(await client.responses.create(model="gpt-5", input="say Hi", **everything))
    assert response.metadata == {"who": "me"}
    assert response.temperature == 0.2
    assert response.truncation == "auto"
    assert response.reasoning is not None
    assert (response.reasoning.effort, response.service_tier, response.user) == ("low", "default", "someone")
    assert (response.max_tool_calls, response.top_logprobs) == (3, 2)
    assert (response.prompt_cache_key, response.safety_identifier) == ("k", "s")
    assert response.to_dict()["tools"] == [
        {"type": "function", "name": "bare", "strict": None, "parameters": None}
    ]


async def test_every_kind_of_message_is_taken(client: AsyncOpenAI) -> None:
    items: Any = [
        {"role": "system", "content": "S"},
        {"role": "developer", "content": [{"type": "input_text", "text": "D"}]},
        {
            "type": "message",
            "role": "user",
            "content": [{"type": "input_text", "text": "U"}],
        },
        {"type": "reasoning", "id": "rs_1", "summary": []},
        {
            "type": "message",
            "id": "msg_1",
            "role": "assistant",
            "status": "completed",
            "content": [{"type": "output_text", "text": "A", "annotations": []}],
        },
        {"type": "web_search_call", "id": "ws_1", "status": "completed"},
        {"role": "user", "content": "say Hi"},
    ]
    response = await client.responses.create(model="gpt-5", input=items)
    assert response.output_text == "Hi"


async def test_hosted_tools_are_taken_echoed_and_named_as_ignored(client: AsyncOpenAI) -> None:
    tools: Any = [{"type": "web_search"}, tool()]
    raw = await client.responses.with_raw_response.create(model="gpt-5", input="say Hi", tools=tools)
    assert raw.headers["x-workshop-ignored-tools"] == "web_search"
    assert [tool.type for tool in strictly(raw.parse()).tools] == ["web_search", "function"]
