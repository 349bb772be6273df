"""Bad input: OpenAI's error shape, the right status, and nothing left half recorded."""

from __future__ import annotations

import http.client
import json
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import openai
import pytest
from tests.gateway.gateway_servers import RunningGateway, openai_client, running, scripted, tool

from workshop.gateway import apology, replies, schemas
from workshop.gateway.exchange import LARGEST_BODY
from workshop.practice.model import Decision, PlanRequest

GOOD: dict[str, Any] = {"model": "gpt-5", "input": "say Hi"}


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningGateway]:
    patch = pytest.MonkeyPatch()
    patch.setattr(replies, "plan", scripted)
    with running(tmp_path_factory.mktemp("gateway")) as found:
        yield found
    patch.undo()


def error_of(reply: Any) -> dict[str, Any]:
    error = reply.json()["error"]
    assert set(error) == {"message", "type", "param", "code"}
    assert isinstance(error["message"], str)
    return dict(error)


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"\xff\xfe", b'{"model": NaN}', b"[" * 100_000, b"nul", b'{"input": ' + b"9" * 5000 + b"}"],
    ids=["empty", "cut", "not utf-8", "NaN", "deep", "word", "huge number"],
)
def test_broken_json(gateway: RunningGateway, body: bytes) -> None:
    reply = gateway.post("json", body)
    assert reply.status_code == 400
    assert "not valid JSON" in error_of(reply)["message"]


@pytest.mark.parametrize("body", ["[]", '"text"', "1", "null", "true"])
def test_json_that_is_no_object(gateway: RunningGateway, body: str) -> None:
    reply = gateway.post("json", body.encode())
    assert reply.status_code == 400
    assert error_of(reply)["code"] == "invalid_type"


def function(**changed: Any) -> dict[str, Any]:
    return {"tools": [{**tool(), **changed}]}


def parameters(schema: Any, strict: bool = False) -> dict[str, Any]:
    return function(parameters=schema, strict=strict)


def wide(properties: int) -> dict[str, Any]:
    return {"type": "object", "properties": {f"p{n}": {"type": "string"} for n in range(properties)}}


def text_format(schema: Any, **more: Any) -> dict[str, Any]:
    return {"text": {"format": {"type": "json_schema", "name": "answer", "schema": schema, **more}}}


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
    ("conversation", {"conversation": "conv_1"}, "conversation", "unsupported_parameter"),
    ("prompt", {"prompt": {"id": "p"}}, "prompt", "unsupported_parameter"),
    ("an item is a word", {"input": ["hi"]}, "input[0]", TYPE),
    ("an item has no type", {"input": [{"content": "hi"}]}, "input[0].type", MISSING),
    ("a role that is none", {"input": [{"role": "boss", "content": "hi"}]}, "input[0].role", VALUE),
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
    (
        "unknown previous response",
        {"previous_response_id": "resp_0"},
        "previous_response_id",
        "previous_response_not_found",
    ),
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


@pytest.mark.parametrize(
    ("change", "param", "code"), [each[1:] for each in BAD], ids=[each[0] for each in BAD]
)
def test_a_wrong_request(
    gateway: RunningGateway, change: dict[str, Any], param: str | None, code: str | None
) -> None:
    body = {key: value for key, value in {**GOOD, **change}.items() if value is not None}
    reply = gateway.post("wrong", body)
    error = error_of(reply)
    assert (reply.status_code, error["type"]) == (400, "invalid_request_error")
    assert (error["param"], error["code"]) == (param, code)
    assert reply.headers["content-type"] == "application/json"


@pytest.mark.parametrize(
    "schema",
    [
        {
            "type": "object",
            "properties": {"a": {"$ref": "#/$defs/A"}},
            "$defs": {"A": {"type": ["string", "null"]}},
        },
        {"type": "object", "properties": {"a": {"type": "array", "items": {"enum": [1, "x", None]}}}},
        {"type": "object", "additionalProperties": {"type": "number"}},
        {"type": "object", "properties": {"a": True}, "description": "any", "x-own": {}},
        {
            "$ref": "#/$defs/A",
            "$defs": {"A": {"type": "object", "properties": {"next": {"$ref": "#/$defs/A"}}}},
        },
    ],
)
def test_schemas_that_are_schemas(schema: dict[str, Any]) -> None:
    schemas.check(schema)


def test_a_schema_nested_too_deeply_is_refused() -> None:
    schema: dict[str, Any] = {"type": "string"}
    for _ in range(200):
        schema = {"type": "object", "properties": {"a": schema}}
    with pytest.raises(schemas.SchemaError, match="at most 50 deep"):
        schemas.check(schema)


def test_json_that_is_deep_but_valid_is_no_crash(gateway: RunningGateway) -> None:
    deep = (
        '{"model": "gpt-5", "input": [{"role": "user", "content": [{"type": "x", "y": '
        + "[" * 800
        + "]" * 800
        + "}]}]}"
    )
    assert gateway.post("deep", deep.encode()).status_code in (200, 400)
    assert gateway.post("deep", GOOD).status_code == 200


def test_text_that_utf8_cannot_hold_is_no_crash(gateway: RunningGateway) -> None:
    reply = gateway.post("surrogate", b'{"model": "gpt-5", "input": "say \\ud800"}')
    assert reply.status_code == 200
    assert gateway.transcript("surrogate")[0]["request"]["model"] == "gpt-5"


def test_a_refused_request_is_one_failed_call_and_nothing_else(gateway: RunningGateway) -> None:
    gateway.post("half", b"{")
    gateway.post("half", {**GOOD, "tool_choice": "maybe", "stream": True})
    counts = gateway.meter("half")["model"]
    assert (counts["arrived"], counts["failed"], counts["completed"], counts["in_flight"]) == (2, 2, 0, 0)
    assert (counts["input_tokens"], counts["output_tokens"], counts["repeats"]) == (0, 0, 0)
    broken, wrong = gateway.transcript("half")
    assert (broken["request"], broken["http_status"]) == ({}, 400)
    assert wrong["response"]["error"]["param"] == "tool_choice"
    # A refused request pays for nothing: the first right one is no repeat.
    gateway.post("half", GOOD)
    assert gateway.meter("half")["model"]["repeats"] == 0


def test_a_body_over_the_limit(gateway: RunningGateway) -> None:
    body = json.dumps({**GOOD, "input": "x" * LARGEST_BODY}).encode()
    announced = gateway.post("large", body)
    assert announced.status_code == 413
    assert error_of(announced)["code"] == "request_too_large"
    chunked = gateway.http.post(
        f"{gateway.base('large')}/responses",
        content=(body[start : start + 2**20] for start in range(0, len(body), 2**20)),
        headers={"authorization": "Bearer x"},
    )
    assert chunked.status_code == 413
    picture = {"type": "input_image", "image_url": "x" * (LARGEST_BODY - 1000)}
    just_within = json.dumps({**GOOD, "input": [{"role": "user", "content": [picture]}]}).encode()
    assert gateway.post("large", just_within).status_code == 200
    assert [call["status"] for call in gateway.calls("large")] == ["failed", "failed", "completed"]


def test_an_upload_that_breaks_off_never_arrived(gateway: RunningGateway) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", gateway.port)
    connection.putrequest("POST", "/s/upload/v1/responses")
    connection.putheader("content-length", "1000")
    connection.endheaders(b'{"model"')
    connection.close()
    assert gateway.post("upload", GOOD).status_code == 200
    assert gateway.meter("upload")["model"]["arrived"] == 1


def test_unknown_routes(gateway: RunningGateway) -> None:
    for method, path in (
        ("POST", "/s/a/v1/chat/completions"),
        ("GET", "/s/a/v1/nothing"),
        ("GET", "/nothing"),
        ("GET", "/s/a/nothing"),
        ("GET", "/s/a/control/nothing"),
    ):
        reply = gateway.http.request(method, gateway.url + path, headers={"authorization": "Bearer x"})
        assert reply.status_code == 404, path
        assert error_of(reply)["code"] == "unknown_url"
    assert gateway.meter("a")["model"]["arrived"] == 0
    reply = gateway.http.request("DELETE", f"{gateway.url}/health")
    assert reply.status_code == 405
    assert error_of(reply)["code"] == "method_not_supported"


@pytest.mark.parametrize("scope", ["a b", "a%2Fb", "x" * 65, "caf%C3%A9", "a;b"])
def test_a_scope_that_is_no_name(gateway: RunningGateway, scope: str) -> None:
    reply = gateway.post(scope, GOOD)
    assert reply.status_code in (400, 404)
    assert error_of(reply)["type"] == "invalid_request_error"


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "evil.example:80", ""])
def test_a_host_that_is_not_this_machine(gateway: RunningGateway, host: str) -> None:
    for path in ("/health", "/s/a/weather/alerts/active/area/CA"):
        reply = gateway.get(path, host=host)
        assert reply.status_code == 400
        assert error_of(reply)["code"] == "invalid_host"


def test_hosts_that_are_this_machine(gateway: RunningGateway) -> None:
    for host in ("127.0.0.1", f"127.0.0.1:{gateway.port}", "localhost", f"localhost:{gateway.port}"):
        assert gateway.get("/health", host=host).status_code == 200


def test_no_page_of_another_site_may_read_anything(gateway: RunningGateway) -> None:
    reply = gateway.get("/health", origin="https://evil.example")
    assert not any(name.startswith("access-control") for name in reply.headers)


@pytest.mark.parametrize("header", ["", "Basic abc", "Bearer"])
def test_without_a_key(gateway: RunningGateway, header: str) -> None:
    for reply in (
        gateway.post("key", GOOD, authorization=header),
        gateway.get("/s/key/v1/models", authorization=header),
    ):
        assert reply.status_code == 401
        assert error_of(reply)["code"] == "invalid_api_key"


def test_the_control_routes_need_the_token(gateway: RunningGateway) -> None:
    for method, path in (
        ("GET", "control/meter"),
        ("DELETE", "control/meter"),
        ("GET", "control/transcript"),
        ("POST", "control/faults"),
        ("DELETE", "control/faults"),
        ("PUT", "control/mode"),
        ("GET", "control/traces"),
        ("DELETE", ""),
    ):
        for key in ("anything", gateway.token[:-1], gateway.token + "x"):
            url = f"{gateway.url}/s/a/{path}".rstrip("/")
            reply = gateway.http.request(method, url, headers={"authorization": f"Bearer {key}"}, json={})
            assert reply.status_code == 401, (method, path)


async def test_the_client_raises_its_own_errors(gateway: RunningGateway) -> None:
    async with openai_client(gateway.base("errors")) as client:
        with pytest.raises(openai.BadRequestError) as bad:
            await client.responses.create(model="gpt-5", input="x", tool_choice="required")
        assert bad.value.param == "tool_choice"
        with pytest.raises(openai.NotFoundError):
            await client.responses.retrieve("resp_unknown")
        with pytest.raises(openai.NotFoundError):
            await client.responses.delete("resp_unknown")
        with pytest.raises(openai.NotFoundError):
            await client.chat.completions.create(model="gpt-5", messages=[{"role": "user", "content": "x"}])


@pytest.fixture
def failing_planner(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    def fail(request: PlanRequest) -> None:
        raise ZeroDivisionError(f"at {request.items}")

    with monkeypatch.context() as patch:
        patch.setattr(replies, "plan", fail)
        yield


# A planner that fails is told as a reply, not as a 500: the SDK takes a 500 for a moment's trouble and asks twice
# more, and then the learner's own program dies of a fault that is the course's.
@pytest.mark.usefixtures("failing_planner")
def test_a_planner_that_fails_says_so(gateway: RunningGateway, caplog: pytest.LogCaptureFixture) -> None:
    reply = gateway.post("own", {**GOOD, "input": "say something private"})
    assert reply.status_code == 200
    assert reply.headers["x-workshop-rule"] == "planner_failed"
    assert reply.json()["output"][0]["content"][0]["text"] == apology.TEXT
    streamed = gateway.post("own", {**GOOD, "stream": True})
    assert "I cannot answer this: the practice model failed on it." in streamed.text
    assert [call["status"] for call in gateway.calls("own")] == ["completed", "completed"]
    assert "ZeroDivisionError at test_bad_input.py" in caplog.text
    assert "private" not in caplog.text


@pytest.mark.usefixtures("failing_planner")
def test_a_planner_that_fails_says_so_within_the_schema_or_not_at_all(gateway: RunningGateway) -> None:
    reply = gateway.post("form", {**GOOD, **text_format(wide(1))})
    assert json.loads(reply.json()["output"][0]["content"][0]["text"]) == {"p0": apology.TEXT}
    # false would pass for an answer.
    yes_or_no = {"type": "object", "properties": {"safe": {"type": "boolean"}}, "required": ["safe"]}
    reply = gateway.post("form", {**GOOD, **text_format(yes_or_no)})
    assert reply.status_code == 500
    assert error_of(reply) == {"message": apology.TEXT, "type": "server_error", "param": None, "code": None}
    assert [call["status"] for call in gateway.calls("form")] == ["completed", "failed"]


@pytest.mark.parametrize(
    ("schema", "value"),
    [
        (
            {
                "type": "object",
                "properties": {
                    "said": {"$ref": "#/$defs/S"},
                    "n": {"type": "integer", "minimum": 3},
                    "kind": {"enum": ["a", "b"]},
                    "maybe": {"anyOf": [{"type": "null"}, {"type": "string", "maxLength": 30}]},
                    "list": {"type": "array", "items": {"type": "string"}},
                },
                "required": ["said", "n", "kind", "maybe", "list"],
                "$defs": {"S": {"type": "string", "minLength": 400}},
            },
            {
                "said": apology.TEXT.ljust(400, "."),
                "n": 3,
                "kind": "a",
                "maybe": apology.TEXT[:30],
                "list": [],
            },
        ),
        (
            {"type": "object", "properties": {"p": {"type": "string", "pattern": "x"}}, "required": ["p"]},
            None,
        ),
        ({"type": "object", "properties": {"p": {"type": "string", "maxLength": 10}}}, None),
        (
            {"type": "object", "properties": {"p": {"type": "integer", "minimum": "x"}}, "required": ["p"]},
            None,
        ),
        (
            {
                "$ref": "#/$defs/A",
                "$defs": {
                    "A": {
                        "type": "object",
                        "properties": {name: {"$ref": "#/$defs/A"} for name in "abcdefgh"},
                        "required": list("abcdefgh"),
                    }
                },
            },
            None,
        ),
    ],
)
def test_what_is_said_in_place_of_a_structured_answer(schema: dict[str, Any], value: object) -> None:
    schemas.check(schema)
    text = apology.written_as({"type": "json_schema", "name": "a", "schema": schema})
    assert text is None if value is None else json.loads(text or "") == value


def test_a_long_thought_holds_up_nobody(gateway: RunningGateway, monkeypatch: pytest.MonkeyPatch) -> None:
    thinking, may_answer = threading.Event(), threading.Event()

    def slow(request: PlanRequest) -> Decision:
        thinking.set()
        assert may_answer.wait(10)
        return Decision(rule="test", text="At last.")

    with monkeypatch.context() as patch, ThreadPoolExecutor(1) as pool:
        patch.setattr(replies, "plan", slow)
        sent = pool.submit(gateway.post, "slow", {**GOOD, **parameters(wide(1000))})
        try:
            assert thinking.wait(10)
            assert gateway.get("/health").status_code == 200
        finally:
            may_answer.set()
        assert sent.result().status_code == 200
