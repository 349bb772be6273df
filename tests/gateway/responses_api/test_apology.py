"""What is said in place of a structured answer, in the form asked for or not at all."""

from __future__ import annotations

import json
from typing import Any

import pytest

from workshop.gateway.responses_api import apology, schemas


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
