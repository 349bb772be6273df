"""The tools of the learner's agent: what the model reads of each, and whether it can run."""

from __future__ import annotations

import importlib
import inspect
from types import ModuleType
from typing import Any

from workshop.checks.bench import NotYet, describe, need_free_loop, place_of
from workshop.settings import Service

WEATHER_TOOLS: dict[str, tuple[str, dict[str, str], Service]] = {
    "get_weather_alerts": ("WeatherAlerts", {"state": "CA"}, "weather"),
    "get_location_info": ("LocationInfo", {"ipaddress": "203.0.113.7"}, "geo"),
    "get_ip_address": ("IpAddress", {}, "ip"),
}
"""By the tool's name: its class, arguments that it can be called with, and the service that it asks."""


def judge_schema(schema: dict[str, Any], look: str, fields: dict[str, str] | None = None) -> None:
    """A tool as the model reads it: a description, and the fields, each with its type.

    Args:
        schema: The tool, as it is sent to the model.
        look: Where to look if something is amiss.
        fields: The JSON type of each field that there should be; whichever there are unless given.

    Raises:
        NotYet: a description is missing, or the fields are others.
    """
    name = schema["name"]
    if not (schema.get("description") or "").strip():
        raise NotYet(f"a description of the tool {name}", "none: the class has no docstring", look)
    found: dict[str, Any] = schema["parameters"].get("properties", {})
    if fields is not None and set(found) != set(fields):
        raise NotYet(
            f"{name} to have the fields {', '.join(fields)}" if fields else f"{name} to have no fields",
            ", ".join(found) or "none",
            look,
        )
    for field, described in found.items():
        kind = (fields or {}).get(field)
        if kind and described.get("type") != kind:
            raise NotYet(f"{name}: {field} to be of type {kind}", f"{described.get('type', 'none')}", look)


def judge_different(schemas: dict[str, dict[str, Any]]) -> None:
    """See that the model can tell the tools apart by their descriptions.

    Raises:
        NotYet: two have the same.
    """
    said: dict[str, str] = {}
    for name, schema in schemas.items():
        words = " ".join(schema["description"].split())
        if words in said:
            raise NotYet(
                f"a description of {name} that distinguishes it from {said[words]}",
                f"both say {words!r}",
                f"the docstring of the class of {name}",
            )
        said[words] = name


def schemas() -> dict[str, dict[str, Any]]:
    """In the child: what the model reads about each tool, as the project's toolset tells it."""
    tools = importlib.import_module("my.native_agent.toolset").get_tools()
    return {tool["name"]: tool for tool in tools}


def need_run(module: ModuleType, tool: Any) -> None:
    """In the child: make sure that a tool's class has an async method ``run``.

    Raises:
        NotYet: it has not, or the tool is no such class.
    """
    from pydantic import BaseModel

    if not (inspect.isclass(tool) and issubclass(tool, BaseModel)):
        got = f"class {tool.__name__} is not" if inspect.isclass(tool) else describe(tool)
        raise NotYet("each tool to be a class derived from BaseModel", got, place_of(module))
    run = getattr(tool, "run", None)
    if run is None or not inspect.iscoroutinefunction(run):
        raise NotYet(
            f"`async def run(self) -> str` in class {tool.__name__}",
            "no `run`" if run is None else "a plain `def`",
            place_of(module, run) if run else f"{place_of(module)}, class {tool.__name__}",
        )
    need_free_loop(module, run)
