"""What a request to ``POST /v1/responses`` says, checked, in the words the real API uses for what is wrong.

Fields come from the API reference (https://platform.openai.com/docs/api-reference/responses/create) and from
what ``openai.types.responses.ResponseCreateParams`` sends. Decisions that are ours:

- Hosted tools (``web_search``, ``file_search``, ``mcp`` and so on) are accepted and echoed, but the practice
  model never calls them; a reply names them in the header ``x-workshop-ignored-tools``. None can be forced.
- Pictures, files and recordings from a user are refused: the practice model reads text.
- Fields this module does not know are ignored, so that a newer client still works.
- ``prompt`` refers to a text that is written on OpenAI's pages, and is refused with what to use instead.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from workshop.gateway.errors import ApiError, bad_request
from workshop.gateway.responses_api import schemas
from workshop.practice.json_bodies import Json, kind_of

SMALLEST_OUTPUT = 16  # tokens; the real API refuses less
MOST_TOOLS = 128  # as the real API
MOST_METADATA = 16  # the same
MOST_PROPERTIES_IN_ALL = 3_000  # in all schemas of one request; `schemas` limits each
# What gpt-5 can read: 400,000 tokens less the 128,000 that it may write (https://platform.openai.com/docs/models).
CONTEXT_WINDOW = 272_000
_NAME = re.compile(r"[a-zA-Z0-9_-]{1,64}")
_NO_TEXT = {"input_image": "a picture", "input_file": "a file", "input_audio": "a recording"}
_ROLES = ("user", "assistant", "system", "developer")
_HOSTED_TOOLS = frozenset(
    {
        "apply_patch",
        "code_interpreter",
        "computer",
        "computer_use",
        "computer_use_preview",
        "custom",
        "file_search",
        "image_generation",
        "local_shell",
        "mcp",
        "namespace",
        "programmatic_tool_calling",
        "shell",
        "tool_search",
        "web_search",
        "web_search_2025_08_26",
        "web_search_preview",
        "web_search_preview_2025_03_11",
    }
)
_TYPES: dict[str, tuple[type | tuple[type, ...], str]] = {
    "model": (str, "a string"),
    "instructions": (str, "a string"),
    "input": ((str, list), "a string or an array of input items"),
    "tools": (list, "an array of tools"),
    "tool_choice": ((str, dict), "a string or an object"),
    "text": (dict, "an object"),
    "reasoning": (dict, "an object"),
    "metadata": (dict, "an object"),
    "include": (list, "an array of strings"),
    "previous_response_id": (str, "a string"),
    "conversation": ((str, dict), "a string or an object"),
    "stream": (bool, "a boolean"),
    "store": (bool, "a boolean"),
    "parallel_tool_calls": (bool, "a boolean"),
    "max_output_tokens": (int, "an integer"),
    "temperature": ((int, float), "a number"),
    "top_p": ((int, float), "a number"),
    "truncation": (str, "a string"),
}


@dataclass(frozen=True, slots=True)
class CreateRequest:
    """A checked request.

    Attributes:
        body: The request as it was sent.
        items: The items of ``input``; a plain string has become one user message.
        tools: The function tools that may be called now (``allowed_tools`` narrows them).
        ignored_tools: Types of the hosted tools among ``tools``, which practice mode does not call.
        tool_choice: ``auto``, ``none``, ``required``, or ``{"type": "function", "name": ...}``.
        text_format: ``text.format`` if it asks for JSON, else None.
        max_output_tokens: The limit on the reply, in tokens.
        properties: How many properties the schemas of the tools and of the output format have, together.
    """

    body: Json
    items: list[Json]
    tools: list[Json]
    ignored_tools: list[str]
    tool_choice: str | Json
    text_format: Json | None
    max_output_tokens: int | None
    properties: int = 0

    @property
    def stream(self) -> bool:
        """Whether the reply is to come as a stream of events."""
        return bool(self.body.get("stream"))

    @property
    def store(self) -> bool:
        """Whether a later request may refer to the reply."""
        return self.body.get("store") is not False

    @property
    def parallel_tool_calls(self) -> bool:
        """Whether one reply may hold more than one call."""
        return self.body.get("parallel_tool_calls") is not False

    @property
    def previous_response_id(self) -> str | None:
        """The response this request goes on from."""
        return self.body.get("previous_response_id")

    @property
    def conversation(self) -> str | None:
        """The stored conversation to which this request belongs."""
        given = self.body.get("conversation")
        return given["id"] if isinstance(given, dict) else given


def parse(body: Json) -> CreateRequest:
    """Check a request.

    Raises:
        ApiError: 400, with the ``param`` at fault.
    """
    for name, (kind, words) in _TYPES.items():
        value = body.get(name)
        # bool is a subclass of int, and true is no number of tokens.
        wrong = value is not None and (
            not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool)
        )
        if wrong:
            raise _wrong_type(name, words, value)
    _check_references(body)
    if not body.get("model"):
        raise bad_request("Missing required parameter: 'model'.", "model", "missing_required_parameter")
    if all(body.get(name) is None for name in ("input", "previous_response_id", "conversation")):
        raise bad_request("Missing required parameter: 'input'.", "input", "missing_required_parameter")
    _check_numbers(body)
    read_metadata(body.get("metadata"))
    given = body.get("input")
    items = [{"role": "user", "content": given}] if isinstance(given, str) else read_items(given or [])
    functions, ignored = _tools(body.get("tools") or [])
    tools, choice = _tool_choice(body.get("tool_choice"), functions, ignored)
    text_format = _text_format((body.get("text") or {}).get("format"))
    properties = _count_properties(functions, text_format)
    return CreateRequest(
        body=body,
        items=items,
        tools=tools,
        ignored_tools=ignored,
        tool_choice=choice,
        text_format=text_format,
        max_output_tokens=body.get("max_output_tokens"),
        properties=properties,
    )


def read_metadata(given: object) -> Json:
    """Metadata, checked; none is none.

    Raises:
        ApiError: 400, with the ``param`` at fault.
    """
    if given is None:
        return {}
    if not isinstance(given, dict):
        raise _wrong_type("metadata", "an object", given)
    if len(given) > MOST_METADATA:
        message = (
            f"Invalid 'metadata': too many properties. Expected an object with at most {MOST_METADATA} "
            f"properties, but got an object with {len(given)} properties instead."
        )
        raise bad_request(message, "metadata", "object_above_max_properties")
    for key, value in given.items():
        if not isinstance(value, str):
            raise _wrong_type(f"metadata.{key}", "a string", value)
    return given


def read_items(given: object, where: str = "input") -> list[Json]:
    """The items of an array, checked.

    Raises:
        ApiError: 400, with the ``param`` at fault.
    """
    if not isinstance(given, list):
        raise _wrong_type(where, "an array of items", given)
    return [_item(item, f"{where}[{number}]") for number, item in enumerate(given)]


def check_pairs(items: Sequence[Json]) -> None:
    """Every call in the conversation has its output, and every output follows its call.

    Raises:
        ApiError: 400, as the real API answers a conversation with a hole in it.
    """
    called: dict[str, bool] = {}
    for item in items:
        kind = item.get("type")
        if kind == "function_call":
            called.setdefault(str(item["call_id"]), False)
        elif kind == "function_call_output":
            call_id = str(item["call_id"])
            if call_id not in called:
                raise bad_request(
                    f"No tool call found for function call output with call_id {call_id}.", "input"
                )
            called[call_id] = True
    for call_id, answered in called.items():
        if not answered:
            raise bad_request(f"No tool output found for function call {call_id}.", "input")


def check_length(tokens: int) -> None:
    """A conversation of so many tokens can be read.

    Raises:
        ApiError: 400, as the real API answers one that is too long.
    """
    if tokens > CONTEXT_WINDOW:
        message = (
            "Your input exceeds the context window of this model. Please adjust your input and try again. "
            f"(Practice mode reads {CONTEXT_WINDOW:,} tokens; this is an estimated {tokens:,}.)"
        )
        raise bad_request(message, "input", "context_length_exceeded")


def _wrong_type(param: str, expected: str, value: object) -> ApiError:
    """A 400: ``param`` holds a value of another type."""
    message = f"Invalid type for '{param}': expected {expected}, but got {kind_of(value)} instead."
    return bad_request(message, param, "invalid_type")


def _check_references(body: Json) -> None:
    if body.get("prompt") is not None:
        message = "Unsupported parameter: 'prompt' is not available in practice mode. Use 'instructions' and 'input'."
        raise bad_request(message, "prompt", "unsupported_parameter")
    conversation = body.get("conversation")
    if isinstance(conversation, dict):
        _need_string(conversation, "id", "conversation")
    if conversation is not None and body.get("previous_response_id") is not None:
        message = (
            "Mutually exclusive parameters: 'previous_response_id' and 'conversation'. "
            "Ensure you are only providing one of: 'previous_response_id' or 'conversation'."
        )
        raise bad_request(message, "previous_response_id", "mutually_exclusive_parameters")


def _check_numbers(body: Json) -> None:
    limit = body.get("max_output_tokens")
    if limit is not None and limit < SMALLEST_OUTPUT:
        message = (
            "Invalid 'max_output_tokens': integer below minimum value. "
            f"Expected a value >= {SMALLEST_OUTPUT}, but got {limit} instead."
        )
        raise bad_request(message, "max_output_tokens", "integer_below_min_value")
    for name, most in (("temperature", 2), ("top_p", 1)):
        value = body.get(name)
        if value is not None and not 0 <= value <= most:
            message = f"Invalid '{name}': expected a value from 0 to {most}, but got {value} instead."
            raise bad_request(
                message, name, "decimal_above_max_value" if value > most else "decimal_below_min_value"
            )
    if body.get("truncation") not in (None, "auto", "disabled"):
        raise _not_one_of("truncation", body["truncation"], ("auto", "disabled"))


def _item(item: object, where: str) -> Json:
    if not isinstance(item, dict):
        raise _wrong_type(where, "an object", item)
    kind = item.get("type") or ("message" if "role" in item else None)
    if kind is None:
        raise bad_request(
            f"Missing required parameter: '{where}.type'.", f"{where}.type", "missing_required_parameter"
        )
    if not isinstance(kind, str):
        raise _wrong_type(f"{where}.type", "a string", kind)
    if item.get("id") is not None:
        _need_string(item, "id", where)
    if kind == "message":
        if item.get("role") not in _ROLES:
            raise _not_one_of(f"{where}.role", item.get("role"), _ROLES)
        _check_content(item.get("content"), f"{where}.content")
        _refuse_what_is_no_text(item["content"], f"{where}.content")
    elif kind == "function_call":
        for name in ("call_id", "name", "arguments"):
            _need_string(item, name, where)
    elif kind == "function_call_output":
        _need_string(item, "call_id", where)
        _check_content(item.get("output"), f"{where}.output")
    elif kind == "item_reference":
        _need_string(item, "id", where)
    return item


def _check_content(content: object, where: str) -> None:
    if content is None:
        raise bad_request(f"Missing required parameter: '{where}'.", where, "missing_required_parameter")
    if isinstance(content, str):
        return
    if not isinstance(content, list):
        raise _wrong_type(where, "a string or an array of content parts", content)
    for number, part in enumerate(content):
        here = f"{where}[{number}]"
        if not isinstance(part, dict):
            raise _wrong_type(here, "an object", part)
        _need_string(part, "type", here)
        if part["type"] in ("input_text", "output_text", "text"):
            _need_string(part, "text", here)


def _refuse_what_is_no_text(content: str | list[Json], where: str) -> None:
    # What a tool returned is another matter: there the practice model says that it cannot look at it.
    for number, part in enumerate(content):
        if isinstance(part, dict) and part["type"] in _NO_TEXT:
            message = (
                f"Practice mode reads text only: it has no way to look at {_NO_TEXT[part['type']]} "
                f"('{part['type']}')."
            )
            raise bad_request(message, f"{where}[{number}]", "unsupported_content_type")


def _need_string(item: Json, name: str, where: str) -> None:
    value = item.get(name)
    if value is None:
        raise bad_request(
            f"Missing required parameter: '{where}.{name}'.", f"{where}.{name}", "missing_required_parameter"
        )
    if not isinstance(value, str):
        raise _wrong_type(f"{where}.{name}", "a string", value)


def _tools(given: list[Any]) -> tuple[list[Json], list[str]]:
    functions: list[Json] = []
    ignored: list[str] = []
    if len(given) > MOST_TOOLS:
        message = (
            f"Invalid 'tools': array too long. Expected an array with maximum length {MOST_TOOLS}, "
            f"but got an array with length {len(given)} instead."
        )
        raise bad_request(message, "tools", "array_above_max_length")
    for number, tool in enumerate(given):
        where = f"tools[{number}]"
        if not isinstance(tool, dict):
            raise _wrong_type(where, "an object", tool)
        _need_string(tool, "type", where)
        if tool["type"] == "function":
            functions.append(_function(tool, where))
        elif tool["type"] in _HOSTED_TOOLS:
            ignored.append(tool["type"])
        else:
            raise _not_one_of(f"{where}.type", tool["type"], ("function", *sorted(_HOSTED_TOOLS)))
    return functions, ignored


def _function(tool: Json, where: str) -> Json:
    _need_string(tool, "name", where)
    name = tool["name"]
    if not _NAME.fullmatch(name):
        message = (
            f"Invalid '{where}.name': string does not match pattern. "
            "Expected a string that matches the pattern '^[a-zA-Z0-9_-]{1,64}$'."
        )
        raise bad_request(message, f"{where}.name", "invalid_value")
    strict = tool.get("strict")
    if strict is not None and not isinstance(strict, bool):
        raise _wrong_type(f"{where}.strict", "a boolean", strict)
    if tool.get("description") is not None and not isinstance(tool["description"], str):
        raise _wrong_type(f"{where}.description", "a string", tool["description"])
    parameters = tool.get("parameters")
    if parameters is not None:
        try:
            schemas.check(parameters, strict=bool(strict))
        except schemas.SchemaError as error:
            message = f"Invalid schema for function '{name}': {error}"
            raise bad_request(message, f"{where}.parameters", "invalid_function_parameters") from None
    return tool


def _tool_choice(
    choice: str | Json | None, tools: list[Json], hosted: list[str]
) -> tuple[list[Json], str | Json]:
    if choice is None:
        return tools, "auto"
    if isinstance(choice, dict) and choice.get("type") == "allowed_tools":
        allowed = choice.get("tools")
        if not isinstance(allowed, list) or choice.get("mode") not in ("auto", "required"):
            raise bad_request(
                "Invalid 'tool_choice': allowed_tools takes a 'mode' (auto, required) and 'tools'.",
                "tool_choice",
                "invalid_value",
            )
        names = _names_of(allowed)
        for name in sorted(names - {tool["name"] for tool in tools}):
            raise bad_request(f"Tool choice '{name}' not found in 'tools' parameter.", "tool_choice")
        tools = [tool for tool in tools if tool["name"] in names]
        choice = str(choice["mode"])
    if isinstance(choice, str):
        if choice not in ("auto", "none", "required"):
            raise _not_one_of("tool_choice", choice, ("none", "auto", "required"))
        if choice == "required" and not tools and hosted:
            raise _not_forced(hosted)
        if choice == "required" and not tools:
            raise bad_request(
                "Tool choice 'required' must be specified with 'tools' parameter.", "tool_choice"
            )
        return tools, choice
    _need_string(choice, "type", "tool_choice")
    if choice["type"] != "function":
        if choice["type"] in _HOSTED_TOOLS:
            raise _not_forced([choice["type"]])
        raise _not_one_of("tool_choice.type", choice["type"], ("function", "allowed_tools"))
    _need_string(choice, "name", "tool_choice")
    if choice["name"] not in {tool["name"] for tool in tools}:
        raise bad_request(f"Tool choice '{choice['name']}' not found in 'tools' parameter.", "tool_choice")
    return tools, {"type": "function", "name": choice["name"]}


def _not_forced(hosted: list[str]) -> ApiError:
    named = " and ".join(f"'{kind}'" for kind in hosted)
    message = f"Practice mode cannot run hosted tools, so none can be forced: {named}."
    return bad_request(message, "tool_choice", "unsupported_parameter")


def _names_of(allowed: list[Any]) -> set[str]:
    names = set()
    for number, tool in enumerate(allowed):
        where = f"tool_choice.tools[{number}]"
        if not isinstance(tool, dict):
            raise _wrong_type(where, "an object", tool)
        # Hosted tools have no name; practice mode does not call them anyway.
        if tool.get("type") in (None, "function"):
            _need_string(tool, "name", where)
            names.add(tool["name"])
    return names


def _text_format(given: object) -> Json | None:
    where = "text.format"
    if given is None:
        return None
    if not isinstance(given, dict):
        raise _wrong_type(where, "an object", given)
    kind = given.get("type")
    if kind == "text":
        return None
    if kind == "json_object":
        return given
    if kind != "json_schema":
        raise _not_one_of(f"{where}.type", kind, ("text", "json_schema", "json_object"))
    _need_string(given, "name", where)
    if not _NAME.fullmatch(given["name"]):
        message = f"Invalid '{where}.name': string does not match pattern '^[a-zA-Z0-9_-]{{1,64}}$'."
        raise bad_request(message, f"{where}.name", "invalid_value")
    if "schema" not in given:
        raise bad_request(
            f"Missing required parameter: '{where}.schema'.", f"{where}.schema", "missing_required_parameter"
        )
    try:
        schemas.check(given["schema"], strict=given.get("strict") is True)
    except schemas.SchemaError as error:
        message = f"Invalid schema for response_format '{given['name']}': {error}"
        raise bad_request(message, f"{where}.schema", "invalid_json_schema") from None
    return given


def _count_properties(functions: list[Json], text_format: Json | None) -> int:
    given = [*(tool.get("parameters") for tool in functions), (text_format or {}).get("schema")]
    count = sum(schemas.properties_in(schema) for schema in given)
    if count > MOST_PROPERTIES_IN_ALL:
        message = (
            f"Practice mode takes at most {MOST_PROPERTIES_IN_ALL:,} properties in all tools and the output "
            f"format together, but got {count:,}. Send fewer tools."
        )
        raise bad_request(message, "tools", "invalid_value")
    return count


def _not_one_of(param: str, value: object, options: Sequence[str]) -> ApiError:
    listed = ", ".join(f"'{option}'" for option in options)
    shown = f"'{value}'" if isinstance(value, str) else json.dumps(value)
    return bad_request(f"Invalid value: {shown}. Supported values are: {listed}.", param, "invalid_value")


__all__ = ["CreateRequest", "check_length", "check_pairs", "parse", "read_items", "read_metadata"]
