"""Whatever a schema asks for, a value satisfies it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.practice.model.rows import BOOLEAN, INTEGER, NUMBER, STRING, called, schema, user, validate
from workshop.practice.model import PlanRequest, plan

SCHEMAS: list[dict[str, Any]] = [
    {
        "type": "object",
        "properties": {"a": STRING, "b": INTEGER, "c": NUMBER, "d": BOOLEAN},
        "required": ["a", "b", "c", "d"],
        "additionalProperties": False,
    },
    {
        "type": "object",
        "properties": {
            "n": {"type": "integer", "minimum": 3, "maximum": 9},
            "p": {"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1},
        },
        "required": ["n", "p"],
    },
    {
        "type": "object",
        "properties": {"tags": {"type": "array", "items": STRING, "minItems": 2, "maxItems": 3}},
        "required": ["tags"],
    },
    {
        "type": "object",
        "properties": {"tags": {"type": "array", "items": STRING, "minItems": 3, "uniqueItems": True}},
        "required": ["tags"],
    },
    {
        "type": "object",
        "properties": {
            "code": {"type": "string", "pattern": "^[A-Z]{2}$"},
            "zip": {"type": "string", "pattern": r"^\d{5}(-\d{4})?$"},
        },
        "required": ["code", "zip"],
    },
    {
        "type": "object",
        "properties": {
            "when": {"type": "string", "format": "date"},
            "at": {"type": "string", "format": "date-time"},
            "mail": {"type": "string", "format": "email"},
        },
        "required": ["when", "at", "mail"],
    },
    {
        "type": "object",
        "properties": {
            "mood": {"type": "string", "enum": ["good", "bad"]},
            "level": {"enum": [1, 2, 3]},
            "fixed": {"const": "x"},
        },
        "required": ["mood", "level", "fixed"],
    },
    {
        "type": "object",
        "properties": {
            "maybe": {
                "anyOf": [
                    {"type": "object", "properties": {"x": INTEGER}, "required": ["x"]},
                    {"type": "null"},
                ]
            },
            "either": {"type": ["integer", "null"]},
        },
        "required": ["maybe", "either"],
    },
    {
        "$defs": {
            "Node": {
                "type": "object",
                "properties": {"name": STRING, "kids": {"type": "array", "items": {"$ref": "#/$defs/Node"}}},
                "required": ["name", "kids"],
                "additionalProperties": False,
            }
        },
        "$ref": "#/$defs/Node",
    },
    {
        "$defs": {
            "Step": {
                "type": "object",
                "properties": {"explanation": STRING, "output": STRING},
                "required": ["explanation", "output"],
                "additionalProperties": False,
            }
        },
        "type": "object",
        "properties": {"steps": {"type": "array", "items": {"$ref": "#/$defs/Step"}}, "final_answer": STRING},
        "required": ["steps", "final_answer"],
        "additionalProperties": False,
    },
    {
        "type": "object",
        "properties": {"response": {"type": "array", "items": INTEGER}},
        "required": ["response"],
    },
    {
        "type": "object",
        "properties": {"scores": {"type": "object", "additionalProperties": INTEGER}},
        "required": ["scores"],
    },
    {
        "type": "object",
        "properties": {
            "short": {"type": "string", "maxLength": 3},
            "long": {"type": "string", "minLength": 40},
        },
        "required": ["short", "long"],
    },
    {
        "type": "object",
        "properties": {
            "pair": {"type": "array", "prefixItems": [STRING, INTEGER], "minItems": 2, "maxItems": 2}
        },
        "required": ["pair"],
    },
    {
        "type": "object",
        "properties": {
            "shape": {
                "oneOf": [
                    {
                        "type": "object",
                        "properties": {"kind": {"const": "circle"}, "r": NUMBER},
                        "required": ["kind", "r"],
                        "additionalProperties": False,
                    },
                    {
                        "type": "object",
                        "properties": {"kind": {"const": "box"}, "w": NUMBER},
                        "required": ["kind", "w"],
                        "additionalProperties": False,
                    },
                ]
            }
        },
        "required": ["shape"],
    },
    {
        "allOf": [
            {"type": "object", "properties": {"a": STRING}, "required": ["a"]},
            {"type": "object", "properties": {"b": INTEGER}, "required": ["b"]},
        ]
    },
    {"type": "object", "properties": {}, "additionalProperties": False},
    {"type": "object", "properties": {"x": {}}, "required": ["x"]},
    {
        "type": "object",
        "properties": {"step": {"type": "integer", "multipleOf": 5, "minimum": 12}},
        "required": ["step"],
    },
    {
        "type": "object",
        "properties": {
            "count": INTEGER,
            "reasoning": STRING,
            "confidence": {"type": "number", "minimum": 0, "maximum": 1},
            "score": {"type": "integer", "minimum": 1, "maximum": 5},
        },
        "required": ["count", "reasoning", "confidence", "score"],
    },
    {
        "type": "object",
        "properties": {
            "people": {
                "type": "array",
                "items": {
                    "type": "object",
                    "properties": {"name": STRING, "age": {"anyOf": [INTEGER, {"type": "null"}]}},
                    "required": ["name", "age"],
                    "additionalProperties": False,
                },
            }
        },
        "required": ["people"],
    },
]
TEXTS = [
    "",
    "Alice (30) met Bob in Paris, TX on 2026-03-04 at 5pm, order #A-17, 3 nights, "
    "bob@example.com, 203.0.113.9, $1,200.50",
    "Is it good? I need 42 of them: red, green and blue. CA or NY?",
    "¿Qué tiempo hace en México? 天気 🌧",
    "solve 2x + 5 = 11 and explain each step",
]
HISTORIES: list[list[dict[str, Any]]] = [
    [],
    [
        *called(
            "t",
            {"city": "Rome"},
            '{"name": "x", "tags": ["a", "b", 3], "n": 99, "code": "zz", "kids": null, "count": "many"}',
        )
    ],
    [*called("t", {}, "37")],
    [*called("t", {}, '[{"a": 1}, {"a": 2}]')],
]


@pytest.mark.parametrize("wanted", SCHEMAS, ids=range(len(SCHEMAS)))
def test_output_and_arguments_satisfy_any_schema(wanted: dict[str, Any]) -> None:
    """Whatever the schema, the text and the history: what comes back validates, or it is a refusal."""
    made = {"type": "function", "name": "do_it", "description": "Do it", "parameters": wanted}
    for text in TEXTS:
        for history in HISTORIES:
            items = [user(text), *history]
            asked = {"type": "json_schema", "name": "o", "schema": wanted}
            decision = plan(PlanRequest(instructions="Judge the text.", items=items, text_format=asked))
            assert decision.text or decision.refusal
            if decision.text:
                validate(json.loads(decision.text), wanted)
            for choice in ("required", {"type": "function", "name": "do_it"}):
                forced = plan(PlanRequest(items=items, tools=[made], tool_choice=choice))
                for call in forced.calls:
                    validate(call.arguments, wanted)


def test_a_bound_beyond_all_floats_is_no_crash() -> None:
    for bound in ("minimum", "maximum", "multipleOf"):
        for kind in ("integer", "number"):
            for beyond in (10**400, -(10**400), float("inf")):
                wanted = schema(n={"type": kind, bound: beyond})
                made = plan(PlanRequest(items=[user("Say 4")], text_format=wanted))
                assert made.text or made.refusal
