"""Is this a JSON Schema?"""

from __future__ import annotations

from typing import Any

import pytest

from workshop.gateway.responses_api import schemas


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
