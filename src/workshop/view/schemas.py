"""``show.schema(tool)``: what a model is told about a tool."""

from __future__ import annotations

import json
from typing import Protocol

from workshop.view.document import Paragraph, Verbatim, View


class FunctionTool(Protocol):
    """What the Agents SDK's ``function_tool`` makes, as far as a model sees it."""

    name: str
    description: str
    params_json_schema: dict[str, object]


def schema_view(tool: FunctionTool) -> View:
    """The name, description and parameters of a tool, as JSON.

    Raises:
        TypeError: this is not a function tool.
    """
    try:
        told = {
            "name": tool.name,
            "description": tool.description,
            "parameters": tool.params_json_schema,
        }
    except AttributeError:
        raise TypeError(
            f"{type(tool).__name__} is not a function tool; make one of it with function_tool(...)"
        ) from None
    text = json.dumps(told, indent=2, ensure_ascii=False)
    return View("Schema", [Paragraph("What the model is told about this tool:"), Verbatim(text)])


__all__ = ["FunctionTool", "schema_view"]
