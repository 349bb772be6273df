"""JSON schema: read what one asks for, and make a value satisfy it.

Only what the Responses API's tools and structured outputs use: types, enum, const, anyOf/oneOf/allOf, $ref, properties,
required, additionalProperties, items, bounds, lengths, patterns and formats. A piece that is not a schema (a string, a
list, nothing) counts as "anything".
"""

from __future__ import annotations

import json
import math
import re
import sys
from collections.abc import Iterable, Mapping
from typing import Any

JSON = Any
Schema = Mapping[str, JSON]

_DEPTH = 12
_TYPES: Any = {"string": str, "integer": int, "number": (int, float), "array": list, "object": dict}
# What the values of a format look like.
_FORMATS = {
    "date": r"\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])",
    "date-time": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)",
    "time": r"\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)?", "duration": r"P\w+", "email": r"[^@\s]+@[^@\s]+",
    "uri": r"[A-Za-z][A-Za-z0-9+.-]*:\S+", "hostname": r"[\w.-]+", "ipv6": r"[0-9A-Fa-f:.]+",
    "ipv4": r"(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?!$)|$)){4}",
    "uuid": r"[0-9A-Fa-f]{8}-(?:[0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}",
}  # fmt: skip


class Misfit:
    """The one value that says "this cannot be made to satisfy the schema" (None is a JSON value)."""

    def __bool__(self) -> bool:
        return False


MISFIT = Misfit()


def mapping(value: JSON) -> Schema:
    """The value if it is an object, otherwise an empty one."""
    return value if isinstance(value, Mapping) else {}


def required_of(schema: Schema) -> list[str]:
    """The names an object schema requires."""
    required = schema.get("required")
    return [name for name in required if isinstance(name, str)] if isinstance(required, list) else []


def resolve(schema: JSON, root: Schema, depth: int = 0) -> Schema:
    """The schema with its own `$ref` followed and the members of `allOf` merged into it."""
    current = mapping(schema)
    for _ in range(_DEPTH):
        ref = current.get("$ref")
        if not isinstance(ref, str):
            break
        target: JSON = root
        for step in ref.removeprefix("#").removeprefix("/").split("/") if ref != "#" else ():
            target = mapping(target).get(step.replace("~1", "/").replace("~0", "~"))
        current = {**mapping(target), **{key: value for key, value in current.items() if key != "$ref"}}
    parts = current.get("allOf")
    if not isinstance(parts, list) or depth > _DEPTH:
        return current
    merged: dict[str, JSON] = {}
    own = {key: value for key, value in current.items() if key != "allOf"}
    for member in [*(resolve(part, root, depth + 1) for part in parts), own]:
        properties = {**mapping(merged.get("properties")), **mapping(member.get("properties"))}
        merged = {**merged, **member, "required": [*required_of(merged), *required_of(member)]}
        merged |= {"properties": properties} if properties else {}
    return merged


def options(schema: Schema, root: Schema) -> list[Schema]:
    """The alternatives a schema allows: the members of anyOf/oneOf, one per type, or itself."""
    for key in ("anyOf", "oneOf"):
        members = schema.get(key)
        if isinstance(members, list) and members:
            rest = {k: v for k, v in schema.items() if k not in ("anyOf", "oneOf", "default", "title")}
            return [resolve({**rest, **resolve(member, root)}, root) for member in members]
    kinds = schema.get("type")
    return [{**schema, "type": one} for one in kinds] if isinstance(kinds, list) and kinds else [schema]


def nullable(schema: Schema, root: Schema) -> bool:
    """Whether null satisfies the schema."""
    if "enum" in schema:
        return isinstance(schema["enum"], list) and None in schema["enum"]
    return any(option.get("type") == "null" for option in options(schema, root))


def main(schema: JSON, root: Schema) -> Schema:
    """The alternative a value is looked for by: the first that is not null, with the outer description."""
    resolved = resolve(schema, root)
    for option in options(resolved, root):
        if option.get("type") != "null" and option.get("const", 0) is not None:
            outer = {"description": resolved["description"]} if "description" in resolved else {}
            return {**outer, **option}
    return resolved


def kind(schema: Schema) -> str:
    """The JSON type a schema asks for, guessed if it does not say; `any` if nothing tells."""
    if isinstance(schema.get("type"), str):
        return str(schema["type"])
    choices = schema.get("enum")
    if isinstance(choices, list) and choices and all(isinstance(choice, str) for choice in choices):
        return "string"
    told = {"object": ("properties",), "array": ("items", "prefixItems"), "string": ("pattern", "minLength", "format"),
            "number": ("minimum", "maximum")}  # fmt: skip
    return next((wanted for wanted, keys in told.items() if any(key in schema for key in keys)), "any")


def as_number(value: JSON) -> float | None:
    """The value as a float, if it is a number (a boolean is none, nor is one beyond all floats)."""
    if not isinstance(value, int | float) or isinstance(value, bool) or abs(value) > sys.float_info.max:
        return None
    return float(value)


def canonical(value: JSON) -> str:
    """One spelling of a JSON value, to compare two by."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, default=str)


def fit(value: JSON, schema: JSON, root: Schema, depth: int = 0) -> JSON:
    """The value in the form the schema asks for ("3" -> 3, "ca" -> "CA"), or MISFIT if it has none."""
    resolved = resolve(schema, root)
    if depth > _DEPTH or value is MISFIT:
        return MISFIT
    if "const" in resolved:
        return resolved["const"] if value == resolved["const"] else MISFIT
    if isinstance(resolved.get("enum"), list):
        return _fit_choice(value, resolved["enum"])
    alternatives = options(resolved, root)
    if len(alternatives) > 1:
        # An exact type first: the number 3 is not the string "3" where both are allowed.
        ordered = sorted(alternatives, key=lambda one: not isinstance(value, _TYPES.get(kind(one), ())))
        return first_fit([value], ordered, root, depth + 1)
    resolved = alternatives[0]
    wanted = kind(resolved)
    if wanted == "any":
        return value
    if wanted == "null" or value is None:
        return None if wanted == "null" and value is None else MISFIT
    if wanted == "string" and not isinstance(value, bool | dict | list):
        whole = isinstance(value, float) and value.is_integer()
        return _fit_string(str(int(value) if whole else value), resolved)
    if wanted in ("integer", "number"):
        return _fit_number(value, resolved, whole=wanted == "integer")
    if wanted == "boolean":
        return {"true": True, "false": False, "yes": True, "no": False}.get(str(value).lower(), MISFIT)
    if wanted == "array":
        return _fit_array(value, resolved, root, depth)
    if wanted == "object" and isinstance(value, Mapping):
        return _fit_object(value, resolved, root, depth)
    return MISFIT


def first_fit(candidates: Iterable[JSON], schemas: Iterable[JSON], root: Schema, depth: int = 0) -> JSON:
    """The first candidate that fits the first possible of some schemas; MISFIT if none does."""
    tries = (fit(one, schema, root, depth) for one in candidates for schema in schemas)
    return next((fitted for fitted in tries if fitted is not MISFIT), MISFIT)


def _fit_choice(value: JSON, choices: list[JSON]) -> JSON:
    exact = (choice for choice in choices if value == choice and type(value) is type(choice))
    alike = (choice for choice in choices if str(value).lower() == str(choice).lower() and choice is not None)
    return next(exact, next(alike, MISFIT))


def _fit_string(value: str, schema: Schema) -> str | Misfit:
    longest, shortest, pattern = (schema.get(key) for key in ("maxLength", "minLength", "pattern"))
    looks = _FORMATS.get(str(schema.get("format")))
    long = isinstance(longest, int) and len(value) > longest
    brief = isinstance(shortest, int) and len(value) < shortest
    if long or brief or (looks and not re.fullmatch(looks, value)):
        return MISFIT
    if isinstance(pattern, str):
        try:
            return next((v for v in (value, value.upper()) if re.search(pattern, v)), MISFIT)
        except re.error:
            return value
    return value


def _fit_number(value: JSON, schema: Schema, *, whole: bool) -> JSON:
    if isinstance(value, str):
        try:
            value = float(value.strip().replace(",", "").lstrip("$€£").rstrip("%"))
        except ValueError:
            return MISFIT
    number = as_number(value)
    if number is None or not math.isfinite(number) or (whole and not number.is_integer()):
        return MISFIT
    bounds = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf")
    low, high, above, below, step = (as_number(schema.get(key)) for key in bounds)
    under = (low is not None and number < low) or (above is not None and number <= above)
    over = (high is not None and number > high) or (below is not None and number >= below)
    between = step is not None and step > 0 and abs(number / step - round(number / step)) > 1e-9
    return MISFIT if under or over or between else int(number) if number.is_integer() else number


def _fit_array(value: JSON, schema: Schema, root: Schema, depth: int) -> JSON:
    members = value if isinstance(value, list) else [value]
    prefix = schema["prefixItems"] if isinstance(schema.get("prefixItems"), list) else []
    schemas = [*prefix, *[schema.get("items")] * max(0, len(members) - len(prefix))]
    out = [fit(member, one, root, depth + 1) for member, one in zip(members, schemas, strict=False)]
    least, most = schema.get("minItems"), schema.get("maxItems")
    short = len(out) < max(len(prefix), least if isinstance(least, int) else 0)
    long = isinstance(most, int) and len(out) > most
    twice = schema.get("uniqueItems") and len({canonical(one) for one in out if one is not MISFIT}) < len(out)
    # A list with some of its members would pass for the whole.
    return MISFIT if MISFIT in out or short or long or twice else out


def _fit_object(value: Mapping[str, JSON], schema: Schema, root: Schema, depth: int) -> JSON:
    properties, extra = mapping(schema.get("properties")), schema.get("additionalProperties", True)
    asked = {str(key): properties.get(key, extra) for key in value}
    fitted = {k: MISFIT if one is False else fit(value[k], one, root, depth + 1) for k, one in asked.items()}
    out = {key: one for key, one in fitted.items() if one is not MISFIT}
    return out if all(key in out for key in required_of(schema)) else MISFIT
