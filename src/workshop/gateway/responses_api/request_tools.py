"""The tools of a request, and which of them may be called now, checked."""

from __future__ import annotations

import re
from typing import Any

from workshop.gateway.errors import ApiError, bad_request
from workshop.gateway.responses_api import schemas
from workshop.gateway.responses_api.checking import need_string, not_one_of, wrong_type
from workshop.practice.json_bodies import Json

MOST_TOOLS = 128  # as the real API
NAME = re.compile(r"[a-zA-Z0-9_-]{1,64}")
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


def read_tools(given: list[Any]) -> tuple[list[Json], list[str]]:
    """The function tools, and the types of the hosted ones.

    Raises:
        ApiError: 400, with the ``param`` at fault.
    """
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
            raise wrong_type(where, "an object", tool)
        need_string(tool, "type", where)
        if tool["type"] == "function":
            functions.append(_function(tool, where))
        elif tool["type"] in _HOSTED_TOOLS:
            ignored.append(tool["type"])
        else:
            raise not_one_of(f"{where}.type", tool["type"], ("function", *sorted(_HOSTED_TOOLS)))
    return functions, ignored


def read_choice(
    choice: str | Json | None, tools: list[Json], hosted: list[str]
) -> tuple[list[Json], str | Json]:
    """The tools that ``choice`` leaves, and the choice among them.

    Raises:
        ApiError: 400, with the ``param`` at fault.
    """
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
            raise not_one_of("tool_choice", choice, ("none", "auto", "required"))
        if choice == "required" and not tools and hosted:
            raise _not_forced(hosted)
        if choice == "required" and not tools:
            raise bad_request(
                "Tool choice 'required' must be specified with 'tools' parameter.", "tool_choice"
            )
        return tools, choice
    need_string(choice, "type", "tool_choice")
    if choice["type"] != "function":
        if choice["type"] in _HOSTED_TOOLS:
            raise _not_forced([choice["type"]])
        raise not_one_of("tool_choice.type", choice["type"], ("function", "allowed_tools"))
    need_string(choice, "name", "tool_choice")
    if choice["name"] not in {tool["name"] for tool in tools}:
        raise bad_request(f"Tool choice '{choice['name']}' not found in 'tools' parameter.", "tool_choice")
    return tools, {"type": "function", "name": choice["name"]}


def _function(tool: Json, where: str) -> Json:
    need_string(tool, "name", where)
    name = tool["name"]
    if not NAME.fullmatch(name):
        message = (
            f"Invalid '{where}.name': string does not match pattern. "
            "Expected a string that matches the pattern '^[a-zA-Z0-9_-]{1,64}$'."
        )
        raise bad_request(message, f"{where}.name", "invalid_value")
    strict = tool.get("strict")
    if strict is not None and not isinstance(strict, bool):
        raise wrong_type(f"{where}.strict", "a boolean", strict)
    if tool.get("description") is not None and not isinstance(tool["description"], str):
        raise wrong_type(f"{where}.description", "a string", tool["description"])
    parameters = tool.get("parameters")
    if parameters is not None:
        try:
            schemas.check(parameters, strict=bool(strict))
        except schemas.SchemaError as error:
            message = f"Invalid schema for function '{name}': {error}"
            raise bad_request(message, f"{where}.parameters", "invalid_function_parameters") from None
    return tool


def _not_forced(hosted: list[str]) -> ApiError:
    named = " and ".join(f"'{kind}'" for kind in hosted)
    message = f"Practice mode cannot run hosted tools, so none can be forced: {named}."
    return bad_request(message, "tool_choice", "unsupported_parameter")


def _names_of(allowed: list[Any]) -> set[str]:
    names = set()
    for number, tool in enumerate(allowed):
        where = f"tool_choice.tools[{number}]"
        if not isinstance(tool, dict):
            raise wrong_type(where, "an object", tool)
        # Hosted tools have no name; practice mode does not call them anyway.
        if tool.get("type") in (None, "function"):
            need_string(tool, "name", where)
            names.add(tool["name"])
    return names


__all__ = ["NAME", "read_choice", "read_tools"]
