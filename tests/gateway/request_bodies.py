"""Bodies of requests to the model, in few words."""

from __future__ import annotations

from typing import Any

GOOD: dict[str, Any] = {"model": "gpt-5", "input": "say Hi"}
"""A request that nothing is wrong with."""


def tool(name: str = "get_weather", strict: bool = True, **properties: str) -> dict[str, Any]:
    """A function tool with string parameters."""
    fields = properties or {"state": "A state code."}
    return {
        "type": "function",
        "name": name,
        "description": f"The tool {name}.",
        "strict": strict,
        "parameters": {
            "type": "object",
            "properties": {key: {"type": "string", "description": told} for key, told in fields.items()},
            "required": list(fields),
            "additionalProperties": False,
        },
    }


def function(**changed: Any) -> dict[str, Any]:
    """One tool, changed."""
    return {"tools": [{**tool(), **changed}]}


def parameters(schema: Any, strict: bool = False) -> dict[str, Any]:
    """One tool with these parameters."""
    return function(parameters=schema, strict=strict)


def text_format(schema: Any, **more: Any) -> dict[str, Any]:
    """A structured output."""
    return {"text": {"format": {"type": "json_schema", "name": "answer", "schema": schema, **more}}}


def wide(properties: int) -> dict[str, Any]:
    """The schema of an object with so many strings."""
    return {"type": "object", "properties": {f"p{n}": {"type": "string"} for n in range(properties)}}
