"""Is this a JSON Schema? A structural check of what tools and output formats bring.

Not a validator of values: it finds a schema that is not one, and holds strict ones to the two rules that
OpenAI adds (https://platform.openai.com/docs/guides/structured-outputs#supported-schemas).
"""

from __future__ import annotations

from typing import Any

_TYPES = {"string", "number", "integer", "boolean", "object", "array", "null"}
_ONE = ("items", "not", "contains", "propertyNames", "if", "then", "else")
_LISTS = ("anyOf", "oneOf", "allOf", "prefixItems")
_MAPS = ("properties", "$defs", "definitions", "patternProperties")
_DEEPEST = 50

MOST_PROPERTIES = 1_000
"""Properties in one schema, those of its parts included. OpenAI takes 5,000 in strict ones
(https://platform.openai.com/docs/guides/structured-outputs#supported-schemas); the practice model, which looks
for a value for each, would need too long for so many."""


class SchemaError(ValueError):
    """The schema is not one; the message says where (``In context=(...)``) and why."""


def check(schema: object, *, strict: bool = False) -> None:
    """Check the schema of an object (a tool's parameters, an output format).

    Args:
        schema: What was sent.
        strict: Also hold it to the rules of strict mode.

    Raises:
        SchemaError: it is not a schema, not one of an object, breaks a rule of strict mode, or is larger than
            practice mode takes.
    """
    if not isinstance(schema, dict):
        raise SchemaError(f"schema must be a JSON Schema, a JSON object, got {_named(schema)}.")
    if schema.get("type") != "object" and not (_has_root_reference(schema) and not strict):
        raise SchemaError(
            f"schema must be a JSON Schema of 'type: \"object\"', got 'type: {_quoted(schema.get('type'))}'."
        )
    _check(schema, schema, (), strict)
    count = properties_in(schema)
    if count > MOST_PROPERTIES:
        raise SchemaError(
            f"practice mode takes at most {MOST_PROPERTIES:,} properties in one schema, got {count:,}. "
            "Send a smaller schema."
        )


def properties_in(schema: object) -> int:
    """How many properties a schema that has been checked names, those of its parts included."""
    if not isinstance(schema, dict):
        return 0
    count = len(schema.get("properties", ()))
    for key in _MAPS:
        count += sum(properties_in(part) for part in schema.get(key, {}).values())
    for key in _LISTS:
        count += sum(properties_in(option) for option in schema.get(key, ()))
    return count + sum(properties_in(schema.get(key)) for key in (*_ONE, "additionalProperties"))


def _check(schema: object, root: dict[str, Any], where: tuple[str, ...], strict: bool) -> None:
    if isinstance(schema, bool):
        return
    if not isinstance(schema, dict):
        raise _at(where, f"a schema must be an object or a boolean, got {_named(schema)}.")
    if len(where) > _DEEPEST:
        raise _at(where[:4], f"schemas may be nested at most {_DEEPEST} deep.")
    _check_type(schema, where)
    _check_words(schema, root, where)
    for key in _MAPS:
        if key in schema:
            parts = schema[key]
            if not isinstance(parts, dict):
                raise _at(where, f"'{key}' must be an object, got {_named(parts)}.")
            for name, part in parts.items():
                _check(part, root, (*where, key, str(name)), strict)
    for key in _LISTS:
        if key in schema:
            options = schema[key]
            if not isinstance(options, list) or not options:
                raise _at(where, f"'{key}' must be an array with at least one schema.")
            for number, option in enumerate(options):
                _check(option, root, (*where, key, str(number)), strict)
    for key in (*_ONE, "additionalProperties"):
        if key in schema:
            _check(schema[key], root, (*where, key), strict)
    if strict and schema.get("type") == "object":
        _check_strict(schema, where)


def _check_type(schema: dict[str, Any], where: tuple[str, ...]) -> None:
    if "type" not in schema:
        return
    kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    if not kinds:
        raise _at(where, "'type' must name at least one type.")
    for kind in kinds:
        if not isinstance(kind, str) or kind not in _TYPES:
            raise _at(
                where,
                f"{_quoted(kind)} is not valid: 'type' must be one of {', '.join(sorted(_TYPES))}.",
            )


def _check_words(schema: dict[str, Any], root: dict[str, Any], where: tuple[str, ...]) -> None:
    required = schema.get("required", [])
    if not isinstance(required, list) or not all(isinstance(name, str) for name in required):
        raise _at(where, "'required' must be an array of property names.")
    if "enum" in schema and (not isinstance(schema["enum"], list) or not schema["enum"]):
        raise _at(where, "'enum' must be an array with at least one value.")
    if "$ref" in schema:
        reference = schema["$ref"]
        if not isinstance(reference, str) or not _resolves(reference, root):
            raise _at(
                where, f"reference to component {_quoted(reference)} which was not found in the schema."
            )


def _check_strict(schema: dict[str, Any], where: tuple[str, ...]) -> None:
    if schema.get("additionalProperties") is not False:
        raise _at(where, "'additionalProperties' is required to be supplied and to be false.")
    required = set(schema.get("required", []))
    for name in schema.get("properties", {}):
        if name not in required:
            raise _at(
                where,
                "'required' is required to be supplied and to be an array including every key in properties. "
                f"Missing '{name}'.",
            )


def _has_root_reference(schema: dict[str, Any]) -> bool:
    return isinstance(schema.get("$ref"), str)


def _resolves(reference: str, root: dict[str, Any]) -> bool:
    if reference == "#":
        return True
    if not reference.startswith("#/"):
        return False
    here: object = root
    for part in reference[2:].split("/"):
        name = part.replace("~1", "/").replace("~0", "~")
        if not isinstance(here, dict) or name not in here:
            return False
        here = here[name]
    return isinstance(here, dict | bool)


def _at(where: tuple[str, ...], message: str) -> SchemaError:
    return SchemaError(f"In context=({', '.join(repr(part) for part in where)}), {message}")


def _quoted(value: object) -> str:
    return f'"{value}"' if isinstance(value, str) else str(value)


def _named(value: object) -> str:
    names: dict[type, str] = {dict: "an object", list: "an array", str: "a string", bool: "a boolean"}
    return "null" if value is None else names.get(type(value), "a number")


__all__ = ["SchemaError", "check"]
