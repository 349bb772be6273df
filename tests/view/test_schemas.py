"""``show.schema``: what a model is told about a tool."""

from __future__ import annotations

import json
from types import SimpleNamespace

import pytest

from workshop import view as show


def test_a_schema_is_what_the_model_is_told() -> None:
    tool = SimpleNamespace(name="add", description="Adds.", params_json_schema={"type": "object"})
    text = show.schema(tool).text()
    told = json.loads(text.partition("\n\n")[2])
    assert told == {"name": "add", "description": "Adds.", "parameters": {"type": "object"}}
    with pytest.raises(TypeError, match="function_tool"):
        show.schema(print)  # type: ignore[arg-type]
