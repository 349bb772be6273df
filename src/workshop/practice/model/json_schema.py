"""JSON schema: read what one asks for, and make a value satisfy it.

Only what the Responses API's tools and structured outputs use: types, enum, const, anyOf/oneOf/allOf,
$ref, properties, required, additionalProperties, items, bounds, lengths, patterns and formats. A piece
that is not a schema (a string, a list, nothing) counts as "anything".
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
_TYPES: dict[str, Any] = {
    "string": str,
    "integer": int,
    "number": (int, float),
    "array": list,
    "object": dict,
}
# format: (a value that is plainly a placeholder, what its values look like)
_FORMATS = {
    "date": ("1970-01-01", r"\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])"),
    "date-time": ("1970-01-01T00:00:00Z", r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)"),
    "time": ("00:00:00Z", r"\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)?"),
    "duration": ("PT0S", r"P\w+"),
    "email": ("unknown@example.com", r"[^@\s]+@[^@\s]+"),
    "uri": ("https://example.com/", r"[A-Za-z][A-Za-z0-9+.-]*:\S+"),
    "hostname": ("example.com", r"[\w.-]+"),
    "ipv4": ("192.0.2.1", r"(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?!$)|$)){4}"),
    "ipv6": ("2001:db8::1", r"[0-9A-Fa-f:.]+"),
    "uuid": ("00000000-0000-4000-8000-000000000000", r"[0-9A-Fa-f]{8}-(?:[0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}"),
}


class Misfit:
    """The one value that says "this cannot be made to satisfy the schema" (None is a JSON value)."""

    def __bool__(self) -> bool:
        return False


MISFIT = Misfit()


# -- reading -------------------------------------------------------------------------------------------


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
        if properties:
            merged["properties"] = properties
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
    for wanted, keys in (
        ("object", ("properties",)),
        ("array", ("items", "prefixItems")),
        ("string", ("pattern", "minLength", "format")),
        ("number", ("minimum", "maximum")),
    ):
        if any(key in schema for key in keys):
            return wanted
    return "any"


def as_number(value: JSON) -> float | None:
    """The value as a float, if it is a number (a boolean is none, nor is one beyond all floats)."""
    if not isinstance(value, int | float) or isinstance(value, bool) or abs(value) > sys.float_info.max:
        return None
    return float(value)


def canonical(value: JSON) -> str:
    """One spelling of a JSON value, to compare two by."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, default=str)


# -- fitting -------------------------------------------------------------------------------------------


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
    for choice in choices:
        if value == choice and type(value) is type(choice):
            return choice
    for choice in choices:
        if str(value).lower() == str(choice).lower() and choice is not None:
            return choice
    return MISFIT


def _fit_string(value: str, schema: Schema) -> str | Misfit:
    longest, shortest, pattern = (schema.get(key) for key in ("maxLength", "minLength", "pattern"))
    if isinstance(longest, int) and len(value) > longest:
        if longest < 8:  # too short a piece to mean anything
            return MISFIT
        value = value[:longest]
    if isinstance(shortest, int) and len(value) < shortest:
        return MISFIT
    looks = _FORMATS.get(str(schema.get("format")))
    if looks and not re.fullmatch(looks[1], value):
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
    if _within(number, schema, whole=whole) != number:
        return MISFIT
    return int(number) if number.is_integer() else number


def _within(value: float, schema: Schema, *, whole: bool) -> float:
    """The nearest number that keeps the schema's bounds."""
    low, high = as_number(schema.get("minimum")), as_number(schema.get("maximum"))
    above, below = as_number(schema.get("exclusiveMinimum")), as_number(schema.get("exclusiveMaximum"))
    step = as_number(schema.get("multipleOf"))
    if above is not None:
        bound = math.floor(above) + 1.0 if whole else above + 1e-6 * max(1.0, abs(above))
        low = bound if low is None else max(low, bound)
    if below is not None:
        bound = math.ceil(below) - 1.0 if whole else below - 1e-6 * max(1.0, abs(below))
        high = bound if high is None else min(high, bound)
    if low is not None and value < low:
        value = math.ceil(low) if whole else low
    if high is not None and value > high:
        value = math.floor(high) if whole else high
    if step and step > 0:
        value = round(value / step) * step
        if low is not None and value < low:
            value += step
        elif high is not None and value > high:
            value -= step
    return value


def _fit_array(value: JSON, schema: Schema, root: Schema, depth: int) -> JSON:
    members = value if isinstance(value, list) else [value]
    prefix = schema["prefixItems"] if isinstance(schema.get("prefixItems"), list) else []
    out: list[JSON] = []
    for index, member in enumerate(members):
        member_schema = prefix[index] if index < len(prefix) else schema.get("items")
        if member_schema is False:
            break
        fitted = fit(member, member_schema, root, depth + 1)
        if fitted is MISFIT and index < len(prefix):
            return MISFIT
        if fitted is not MISFIT and not (schema.get("uniqueItems") and fitted in out):
            out.append(fitted)
    most, least = schema.get("maxItems"), schema.get("minItems")
    if isinstance(most, int):
        out = out[:most]
    short = len(out) < max(len(prefix), least if isinstance(least, int) else 0)
    return MISFIT if short or (members and not out) else out


def _fit_object(value: Mapping[str, JSON], schema: Schema, root: Schema, depth: int) -> JSON:
    properties = mapping(schema.get("properties"))
    out: dict[str, JSON] = {}
    for key, member in value.items():
        member_schema = properties.get(key, schema.get("additionalProperties", True))
        fitted = MISFIT if member_schema is False else fit(member, member_schema, root, depth + 1)
        if fitted is not MISFIT:
            out[str(key)] = fitted
    return out if all(key in out for key in required_of(schema)) else MISFIT


# -- placeholders --------------------------------------------------------------------------------------


def placeholder(schema: JSON, root: Schema, text: str = "unknown", depth: int = 0) -> JSON:
    """The plainest value that satisfies the schema: its default, null, an empty list, 0, or `text`."""
    resolved = resolve(schema, root)
    if "const" in resolved:
        return resolved["const"]
    bare = {key: value for key, value in resolved.items() if key != "default"}
    fitted = fit(resolved["default"], bare, root) if "default" in resolved else MISFIT
    if fitted is not MISFIT:
        return fitted
    choices = resolved.get("enum")
    if isinstance(choices, list) and choices:
        return None if None in choices else choices[0]
    if nullable(resolved, root) or depth > _DEPTH:
        return None
    if (option := main(resolved, root)) != resolved:
        return placeholder({k: v for k, v in option.items() if k != "default"}, root, text, depth + 1)
    wanted = kind(resolved)
    if wanted == "object":
        properties = mapping(resolved.get("properties"))
        return {n: placeholder(properties.get(n), root, text, depth + 1) for n in required_of(resolved)}
    if wanted == "array":
        return _placeholder_array(resolved, root, text, depth)
    if wanted in ("integer", "number"):
        number = _within(0.0, resolved, whole=wanted == "integer")
        return int(number) if float(number).is_integer() else number
    if wanted in ("boolean", "null"):
        return False if wanted == "boolean" else None
    return _placeholder_string(resolved, text)


def _placeholder_array(schema: Schema, root: Schema, text: str, depth: int) -> list[JSON]:
    prefix, least = schema.get("prefixItems"), schema.get("minItems")
    if isinstance(prefix, list):
        return [placeholder(member, root, text, depth + 1) for member in prefix]
    count = least if isinstance(least, int) and 0 < least <= 100 else 0
    if schema.get("uniqueItems"):
        made = [first_fit([f"{text} {n}", n], [schema.get("items")], root) for n in range(1, count + 1)]
        if MISFIT not in made:
            return made
    return [placeholder(schema.get("items"), root, text, depth + 1) for _ in range(count)]


def _placeholder_string(schema: Schema, text: str) -> str:
    pattern, shortest, longest = (schema.get(key) for key in ("pattern", "minLength", "maxLength"))
    candidates = [text, _FORMATS.get(str(schema.get("format")), (text,))[0]]
    if isinstance(pattern, str):
        candidates.append(_example(pattern) or text)
    if isinstance(shortest, int) and shortest <= 10_000:
        candidates.append(text.ljust(shortest, "-"))
    if isinstance(longest, int):
        candidates.append(text[:longest])
    return next((one for one in candidates if isinstance(_fit_string(one, schema), str)), candidates[-1])


_SHORTHAND = {"d": "0", "w": "a", "s": " ", "S": "a", "D": "a", "W": "-", "n": "\n", "t": "\t"}
_PIECE = re.compile(r"(\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|[^\\\[\](){}*+?|])(?:\{(\d+)(?:,\d*)?\}|([*?])|\+)?\??")


def _example(pattern: str) -> str | None:
    """A short string that a plain regular expression accepts; None where it takes more than this."""
    plain = pattern.removeprefix("^").removesuffix("$")
    while "(" in plain:
        # Optional groups go; of the others, the first alternative stays.
        smaller = re.sub(r"\((?:\?:)?[^()]*\)(?:[?*]|\{0\b[^}]*\})", "", plain)
        smaller = re.sub(r"\((?:\?:|\?P?<\w+>)?([^()|]*)[^()]*\)", r"\1", smaller)
        if smaller == plain:
            return None
        plain = smaller
    out = ""
    for piece, count, optional in _PIECE.findall(re.split(r"\|(?![^\[]*\])", plain)[0]):
        if piece.startswith("[^"):
            one = next((c for c in "a0 -_Z" if re.fullmatch(piece, c)), "a")
        elif piece.startswith("["):
            one = _SHORTHAND.get(piece[2], piece[2]) if piece[1] == "\\" else piece[1]
        elif piece.startswith("\\"):
            one = _SHORTHAND.get(piece[1], piece[1])
        else:
            one = "a" if piece == "." else piece
        out += one * (int(count) if count else 0 if optional else 1)
    try:
        return out if re.search(pattern, out) else None
    except re.error:
        return None
