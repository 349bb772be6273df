"""What a request to ``POST /v1/chat/completions`` says, checked, in the Responses API's terms.

Source: https://platform.openai.com/docs/api-reference/chat/create. What practice mode cannot do (``n``, ``stop``,
``logprobs``, audio) is refused; fields this module does not know are ignored, so that a newer client still works.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from workshop.gateway.errors import ApiError, bad_request
from workshop.gateway.responses_api import create_request
from workshop.gateway.responses_api.create_request import CreateRequest
from workshop.practice.json_bodies import Json, kind_of

_SAME = ("model", "temperature", "top_p", "parallel_tool_calls", "stream", "metadata", "user", "service_tier")
# What practice mode has no way to do, and the values that ask for nothing of it.
_NOT_HERE: dict[str, tuple[object, ...]] = {
    "n": (None, 1),
    "stop": (None, []),
    "logprobs": (None, False),
    "audio": (None,),
    "modalities": (None, ["text"]),
    "functions": (None,),
    "function_call": (None,),
    "prediction": (None,),
    "web_search_options": (None,),
}
_PARTS = {
    "text": "input_text",
    "image_url": "input_image",
    "input_audio": "input_audio",
    "file": "input_file",
}
_ROLES = ("system", "developer", "user", "assistant", "tool")


def parse(body: Json) -> CreateRequest:
    """Check a request.

    Raises:
        ApiError: 400, with the ``param`` at fault.
    """
    for name, harmless in _NOT_HERE.items():
        if body.get(name) not in harmless:
            raise bad_request(
                f"Unsupported parameter: '{name}' is not available in practice mode.",
                name,
                "unsupported_parameter",
            )
    messages = body.get("messages")
    if not isinstance(messages, list):
        raise _wrong("messages", "an array of messages", messages)
    if not messages:
        raise bad_request(
            "Invalid 'messages': empty array. Expected an array with minimum length 1, but got an empty array "
            "instead.",
            "messages",
            "empty_array",
        )
    instructions, items = _read(messages)
    asked: Json = {key: body[key] for key in _SAME if body.get(key) is not None}
    asked |= {"input": items, "instructions": instructions, "tools": _tools(body), "text": _text(body)}
    asked["reasoning"] = {"effort": body.get("reasoning_effort")}
    asked["tool_choice"] = _choice(body.get("tool_choice"))
    if asked.get("parallel_tool_calls") is not None and not asked["tools"]:
        raise bad_request(
            "Invalid value for 'parallel_tool_calls': it is only allowed when 'tools' are specified.",
            "parallel_tool_calls",
        )
    try:
        request = create_request.parse(asked)
    except ApiError as error:
        raise _in_chat_terms(error) from None
    return replace(request, max_output_tokens=_limit(body))


def wants_usage(body: Json) -> bool:
    """Whether a stream is to end with its usage.

    Raises:
        ApiError: 400, ``stream_options`` without a stream.
    """
    options = body.get("stream_options")
    if options is None:
        return False
    if not body.get("stream"):
        raise bad_request(
            "The 'stream_options' parameter is only allowed when 'stream' is enabled.", "stream_options"
        )
    if not isinstance(options, dict):
        raise _wrong("stream_options", "an object", options)
    return bool(options.get("include_usage"))


def _read(messages: list[Any]) -> tuple[str, list[Json]]:
    """The system's words at the beginning, and the rest as items."""
    instructions: list[str] = []
    items: list[Json] = []
    waiting: list[str] = []
    for number, message in enumerate(messages):
        where = f"messages[{number}]"
        if not isinstance(message, dict):
            raise _wrong(where, "an object", message)
        role = message.get("role")
        if role not in _ROLES:
            listed = ", ".join(f"'{one}'" for one in _ROLES)
            raise bad_request(
                f"Invalid value: {json.dumps(role)}. Supported values are: {listed}.",
                f"{where}.role",
                "invalid_value",
            )
        if role == "tool":
            items.append(_output(message, where, waiting))
            continue
        _none_waits(waiting)
        if role in ("system", "developer") and not items:
            instructions.append(_plain(_content(message, where, role)))
            continue
        calls = message.get("tool_calls") if role == "assistant" else None
        if role != "assistant" or not calls or message.get("content") is not None:
            items.append({"role": role, "content": _content(message, where, role)})
        for call in _calls(calls, where):
            items.append(call)
            waiting.append(call["call_id"])
    _none_waits(waiting)
    return "\n".join(instructions), items


def _none_waits(waiting: list[str]) -> None:
    if waiting:
        raise bad_request(
            "An assistant message with 'tool_calls' must be followed by tool messages responding to each "
            "'tool_call_id'. The following tool_call_ids did not have response messages: "
            f"{', '.join(waiting)}",
            "messages",
        )


def _content(message: Json, where: str, role: str) -> str | list[Json]:
    given = message.get("content")
    if given is None and role == "assistant" and isinstance(message.get("refusal"), str):
        return [{"type": "refusal", "refusal": message["refusal"]}]
    if isinstance(given, str):
        return given
    if not isinstance(given, list):
        raise _wrong(f"{where}.content", "a string or an array of content parts", given)
    return [_part(part, f"{where}.content[{n}]", role) for n, part in enumerate(given)]


def _part(part: object, where: str, role: str) -> Json:
    if not isinstance(part, dict):
        raise _wrong(where, "an object", part)
    kind = part.get("type")
    if kind == "refusal" and isinstance(part.get("refusal"), str):
        return {"type": "refusal", "refusal": part["refusal"]}
    if not isinstance(kind, str) or kind not in _PARTS:
        listed = ", ".join(f"'{one}'" for one in (*_PARTS, "refusal"))
        raise bad_request(
            f"Invalid value: {json.dumps(kind)}. Supported values are: {listed}.",
            f"{where}.type",
            "invalid_value",
        )
    if kind != "text":
        return {"type": _PARTS[kind]}  # Refused, or said to be one; nothing reads what is in it.
    if not isinstance(part.get("text"), str):
        raise _wrong(f"{where}.text", "a string", part.get("text"))
    return {"type": "output_text" if role == "assistant" else "input_text", "text": part["text"]}


def _plain(content: str | list[Json]) -> str:
    return content if isinstance(content, str) else "\n".join(part.get("text", "") for part in content)


def _calls(given: object, where: str) -> list[Json]:
    if given is None:
        return []
    if not isinstance(given, list):
        raise _wrong(f"{where}.tool_calls", "an array of tool calls", given)
    found = []
    for number, call in enumerate(given):
        here = f"{where}.tool_calls[{number}]"
        function = call.get("function") if isinstance(call, dict) else None
        if not isinstance(function, dict):
            raise _wrong(f"{here}.function", "an object", function)
        told = {
            "call_id": call.get("id"),
            "name": function.get("name"),
            "arguments": function.get("arguments"),
        }
        for name, value in told.items():
            if not isinstance(value, str):
                path = f"{here}.id" if name == "call_id" else f"{here}.function.{name}"
                raise _wrong(path, "a string", value)
        found.append({"type": "function_call", **told})
    return found


def _output(message: Json, where: str, waiting: list[str]) -> Json:
    key = message.get("tool_call_id")
    if not isinstance(key, str):
        raise _wrong(f"{where}.tool_call_id", "a string", key)
    if key not in waiting:
        raise bad_request(
            "Invalid parameter: messages with role 'tool' must be a response to a preceding message with "
            "'tool_calls'.",
            f"{where}.role",
        )
    waiting.remove(key)
    return {"type": "function_call_output", "call_id": key, "output": _content(message, where, "tool")}


def _tools(body: Json) -> list[Json]:
    given = body.get("tools")
    if given is None:
        return []
    if not isinstance(given, list):
        raise _wrong("tools", "an array of tools", given)
    found = []
    for number, tool in enumerate(given):
        where = f"tools[{number}]"
        if not isinstance(tool, dict):
            raise _wrong(where, "an object", tool)
        if tool.get("type") != "function":
            raise bad_request(
                f"Invalid value: {json.dumps(tool.get('type'))}. Practice mode takes tools of type 'function'.",
                f"{where}.type",
                "invalid_value",
            )
        if not isinstance(tool.get("function"), dict):
            raise _wrong(f"{where}.function", "an object", tool.get("function"))
        found.append({**tool["function"], "type": "function"})
    return found


def _choice(given: Any) -> Any:
    if not isinstance(given, dict):
        return given
    if given.get("type") == "allowed_tools" and isinstance(given.get("allowed_tools"), dict):
        allowed = given["allowed_tools"]
        tools = allowed.get("tools")
        named = [_choice(tool) for tool in tools] if isinstance(tools, list) else tools
        return {"type": "allowed_tools", "mode": allowed.get("mode"), "tools": named}
    function = given.get("function")
    name = function.get("name") if isinstance(function, dict) else None
    return {"type": given.get("type"), "name": name}


def _text(body: Json) -> Json:
    given = body.get("response_format")
    told = {"verbosity": body["verbosity"]} if body.get("verbosity") is not None else {}
    if given is None:
        return told
    if not isinstance(given, dict):
        raise _wrong("response_format", "an object", given)
    inner = given.get("json_schema")
    if given.get("type") == "json_schema" and not isinstance(inner, dict):
        raise _wrong("response_format.json_schema", "an object", inner)
    return {**told, "format": {**(inner if isinstance(inner, dict) else {}), "type": given.get("type")}}


def _limit(body: Json) -> int | None:
    name = "max_completion_tokens" if body.get("max_completion_tokens") is not None else "max_tokens"
    limit = body.get(name)
    if limit is None:
        return None
    if not isinstance(limit, int) or isinstance(limit, bool):
        raise _wrong(name, "an integer", limit)
    if limit < 1:
        message = (
            f"Invalid '{name}': integer below minimum value. Expected a value >= 1, but got {limit} instead."
        )
        raise bad_request(message, name, "integer_below_min_value")
    return limit


def _in_chat_terms(error: ApiError) -> ApiError:
    """The same error, with the places named as the caller knows them."""
    param = error.param or ""
    root, _, rest = param.partition(".")
    theirs = param
    if root.startswith("tools[") and rest:
        theirs = f"{root}.function.{rest}"
    elif param.startswith("text.format"):
        inner = param.removeprefix("text.format")
        theirs = f"response_format{'' if inner in ('', '.type') else '.json_schema'}{inner}"
    elif param in ("reasoning.effort", "text.verbosity"):
        theirs = param.removeprefix("text.").replace(".", "_")
    message = error.message.replace(param, theirs) if param else error.message
    if root.startswith("input["):
        theirs = "messages"
    return ApiError(error.status, message, kind=error.kind, param=theirs or None, code=error.code)


def _wrong(param: str, expected: str, value: object) -> ApiError:
    if value is None:
        return bad_request(f"Missing required parameter: '{param}'.", param, "missing_required_parameter")
    message = f"Invalid type for '{param}': expected {expected}, but got {kind_of(value)} instead."
    return bad_request(message, param, "invalid_type")


__all__ = ["parse", "wants_usage"]
