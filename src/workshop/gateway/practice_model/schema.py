"""JSON schema: read what one asks for, and make a value satisfy it.

Only what the Responses API's tools and structured outputs use: types, enum, const, anyOf/oneOf/allOf,
$ref, properties, required, additionalProperties, items, bounds, lengths, patterns and formats. A piece
that is not a schema (a string, a list, nothing) counts as "anything".
"""

from __future__ import annotations

import json
import math
import re
import re._constants as sre  # type: ignore[import-not-found]
import re._parser as sre_parser  # type: ignore[import-not-found]
from collections.abc import Mapping
from typing import Any

JSON = Any
Schema = Mapping[str, JSON]

_DEPTH = 12
_FORMATS = {
    "date": "1970-01-01",
    "time": "00:00:00Z",
    "date-time": "1970-01-01T00:00:00Z",
    "duration": "PT0S",
    "email": "unknown@example.com",
    "idn-email": "unknown@example.com",
    "uri": "https://example.com/",
    "url": "https://example.com/",
    "hostname": "example.com",
    "ipv4": "192.0.2.1",
    "ipv6": "2001:db8::1",
    "uuid": "00000000-0000-4000-8000-000000000000",
}
_FORMAT_CHECKS = {
    "date": re.compile(r"\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])"),
    "date-time": re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)"),
    "time": re.compile(r"\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)?"),
    "email": re.compile(r"[^@\s]+@[^@\s]+"),
    "uri": re.compile(r"[a-z][a-z0-9+.-]*:\S+", re.I),
    "ipv4": re.compile(r"(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)"),
    "uuid": re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", re.I),
}


class Misfit:
    """The one value that says "this cannot be made to satisfy the schema" (None is a JSON value)."""

    def __bool__(self) -> bool:
        return False


MISFIT = Misfit()


def mapping(value: JSON) -> Schema:
    """The value if it is an object, otherwise an empty one."""
    return value if isinstance(value, Mapping) else {}


def resolve(schema: JSON, root: Schema) -> Schema:
    """The schema with its own `$ref` followed and a lone `allOf`/`anyOf` member unwrapped."""
    current = mapping(schema)
    for _ in range(_DEPTH):
        ref = current.get("$ref")
        if not isinstance(ref, str):
            break
        target: JSON = root
        if ref != "#":
            for part in ref.removeprefix("#/").split("/"):
                target = mapping(target).get(part.replace("~1", "/").replace("~0", "~"))
        siblings = {key: value for key, value in current.items() if key != "$ref"}
        current = {**mapping(target), **siblings}
    all_of = current.get("allOf")
    if isinstance(all_of, list) and all_of:
        merged: dict[str, JSON] = {}
        for part in all_of:
            member = resolve(part, root)
            for key, value in member.items():
                if key == "properties":
                    merged["properties"] = {**mapping(merged.get("properties")), **mapping(value)}
                elif key == "required" and isinstance(value, list):
                    merged["required"] = [*merged.get("required", []), *value]
                else:
                    merged[key] = value
        own = {key: value for key, value in current.items() if key != "allOf"}
        if "properties" in own:
            own["properties"] = {**mapping(merged.get("properties")), **mapping(own["properties"])}
        if isinstance(own.get("required"), list):
            own["required"] = [*merged.get("required", []), *own["required"]]
        current = {**merged, **own}
    return current


def options(schema: Schema, root: Schema) -> list[Schema]:
    """The alternatives a schema allows: the members of anyOf/oneOf, one per type, or itself."""
    for key in ("anyOf", "oneOf"):
        members = schema.get(key)
        if isinstance(members, list) and members:
            rest = {k: v for k, v in schema.items() if k not in ("anyOf", "oneOf", "default", "title")}
            return [resolve({**rest, **resolve(member, root)}, root) for member in members]
    kinds = schema.get("type")
    if isinstance(kinds, list) and kinds:
        return [{**schema, "type": kind} for kind in kinds]
    return [schema]


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
            if "description" in resolved and "description" not in option:
                return {**option, "description": resolved["description"]}
            return option
    return resolved


def kind(schema: Schema) -> str:
    """The JSON type a schema asks for, guessed if it does not say; `any` if nothing tells."""
    declared = schema.get("type")
    if isinstance(declared, str):
        return declared
    if "properties" in schema:
        return "object"
    if "items" in schema or "prefixItems" in schema:
        return "array"
    choices = schema.get("enum")
    if isinstance(choices, list) and choices and all(isinstance(c, str) for c in choices):
        return "string"
    if "pattern" in schema or "minLength" in schema or "format" in schema:
        return "string"
    if "minimum" in schema or "maximum" in schema:
        return "number"
    return "any"


def as_number(value: JSON) -> float | None:
    """The value as a float, if it is a number (a boolean is none)."""
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _within(value: float, schema: Schema, *, whole: bool) -> float:
    """The nearest number that keeps the schema's bounds."""
    low, high = as_number(schema.get("minimum")), as_number(schema.get("maximum"))
    above, below = as_number(schema.get("exclusiveMinimum")), as_number(schema.get("exclusiveMaximum"))
    step = as_number(schema.get("multipleOf"))
    small = 1.0 if whole else 1e-6
    if above is not None and (low is None or above >= low):
        low = math.floor(above) + 1.0 if whole else above + small * max(1.0, abs(above))
    if below is not None and (high is None or below <= high):
        high = math.ceil(below) - 1.0 if whole else below - small * max(1.0, abs(below))
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


def _generate(pattern: str) -> str | None:
    """The shortest simple string that a regular expression accepts; None if it is beyond this."""

    def walk(parsed: Any) -> str:
        out = ""
        for op, argument in parsed:
            if op is sre.LITERAL:
                out += chr(argument)
            elif op is sre.NOT_LITERAL:
                out += "a" if chr(argument) != "a" else "b"
            elif op is sre.ANY:
                out += "a"
            elif op is sre.IN:
                out += first_of(argument)
            elif op in (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT):
                out += walk(argument[2]) * argument[0]
            elif op is sre.SUBPATTERN:
                out += walk(argument[3])
            elif op is sre.BRANCH:
                out += walk(argument[1][0])
            elif op is sre.AT:
                continue
            else:
                raise ValueError(op)
        return out

    def first_of(members: Any) -> str:
        op, argument = members[0]
        if op is sre.LITERAL:
            return chr(argument)
        if op is sre.RANGE:
            return chr(argument[0])
        if op is sre.CATEGORY:
            return {sre.CATEGORY_DIGIT: "0", sre.CATEGORY_SPACE: " "}.get(argument, "a")
        if op is sre.NEGATE:
            return next((c for c in "a0 -_zZ" if re.match(pattern_of(members), c)), "a")
        raise ValueError(op)

    def pattern_of(members: Any) -> str:
        inner = ""
        for op, argument in members[1:]:
            inner += re.escape(chr(argument)) if op is sre.LITERAL else ""
            inner += f"{re.escape(chr(argument[0]))}-{re.escape(chr(argument[1]))}" if op is sre.RANGE else ""
        return f"[^{inner}]" if inner else "."

    try:
        made = walk(sre_parser.parse(pattern))
        return made if re.search(pattern, made) else None
    except (re.error, ValueError, TypeError, RecursionError, OverflowError, MemoryError):
        return None


def _string(value: str, schema: Schema) -> str | Misfit:
    longest = schema.get("maxLength")
    shortest = schema.get("minLength")
    if isinstance(longest, int) and len(value) > longest:
        if longest < 8:
            return MISFIT
        value = value[:longest]
    if isinstance(shortest, int) and len(value) < shortest:
        return MISFIT
    pattern = schema.get("pattern")
    if isinstance(pattern, str):
        try:
            if not re.search(pattern, value):
                upper = value.upper()
                return upper if re.search(pattern, upper) else MISFIT
        except re.error:
            return value
    check = _FORMAT_CHECKS.get(str(schema.get("format")))
    if check and not check.fullmatch(value):
        return MISFIT
    return value


def fit(value: JSON, schema: JSON, root: Schema, depth: int = 0) -> JSON:
    """The value in the form the schema asks for ("3" -> 3, "ca" -> "CA"), or MISFIT if it has none."""
    resolved = resolve(schema, root)
    if depth > _DEPTH:
        return MISFIT
    if "const" in resolved:
        return resolved["const"] if value == resolved["const"] else MISFIT
    choices = resolved.get("enum")
    if isinstance(choices, list):
        for choice in choices:
            if value == choice and type(value) is type(choice):
                return choice
        for choice in choices:
            if isinstance(choice, str) and str(value).lower() == choice.lower():
                return choice
            if isinstance(choice, int | float) and str(value) == str(choice):
                return choice
        return MISFIT
    alternatives = options(resolved, root)
    if len(alternatives) > 1:
        # An exact type first: the number 3 is not the string "3" where both are allowed.
        for alternative in sorted(alternatives, key=lambda a: not _same_type(value, kind(a))):
            fitted = fit(value, alternative, root, depth + 1)
            if fitted is not MISFIT:
                return fitted
        return MISFIT
    resolved = alternatives[0]
    wanted = kind(resolved)
    if wanted == "any":
        return value
    if wanted == "null":
        return None if value is None else MISFIT
    if value is None:
        return MISFIT
    if wanted == "string":
        if isinstance(value, bool | dict | list):
            return MISFIT
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        return _string(str(value), resolved)
    if wanted in ("integer", "number"):
        return _fit_number(value, resolved, whole=wanted == "integer")
    if wanted == "boolean":
        if isinstance(value, bool):
            return value
        return {"true": True, "false": False, "yes": True, "no": False}.get(str(value).lower(), MISFIT)
    if wanted == "array":
        return _fit_array(value, resolved, root, depth)
    if wanted == "object":
        return _fit_object(value, resolved, root, depth)
    return MISFIT


def _same_type(value: JSON, wanted: str) -> bool:
    if isinstance(value, bool):
        return wanted == "boolean"
    kinds: dict[str, Any] = {
        "string": str,
        "integer": int,
        "number": (int, float),
        "array": list,
        "object": dict,
    }
    return value is None if wanted == "null" else isinstance(value, kinds.get(wanted, ()))


def _fit_number(value: JSON, schema: Schema, *, whole: bool) -> JSON:
    if isinstance(value, bool):
        return MISFIT
    if isinstance(value, str):
        cleaned = value.strip().replace(",", "").lstrip("$€£").rstrip("%")
        try:
            value = float(cleaned)
        except ValueError:
            return MISFIT
    number = as_number(value)
    if number is None or not math.isfinite(number):
        return MISFIT
    if whole and not number.is_integer():
        return MISFIT
    if _within(number, schema, whole=whole) != number:
        return MISFIT
    return int(number) if whole or number.is_integer() else number


def _fit_array(value: JSON, schema: Schema, root: Schema, depth: int) -> JSON:
    members = value if isinstance(value, list) else [value]
    items = schema.get("items")
    prefix = schema.get("prefixItems")
    out = []
    for index, member in enumerate(members):
        member_schema = prefix[index] if isinstance(prefix, list) and index < len(prefix) else items
        if member_schema is False:
            break
        fitted = fit(member, member_schema, root, depth + 1)
        if fitted is MISFIT:
            if isinstance(prefix, list) and index < len(prefix):
                return MISFIT
            continue
        if schema.get("uniqueItems") and fitted in out:
            continue
        out.append(fitted)
    most, least = schema.get("maxItems"), schema.get("minItems")
    if isinstance(most, int):
        out = out[:most]
    if (isinstance(least, int) and len(out) < least) or (members and not out):
        return MISFIT
    if isinstance(prefix, list) and len(out) < len(prefix):
        return MISFIT
    return out


def _fit_object(value: JSON, schema: Schema, root: Schema, depth: int) -> JSON:
    if not isinstance(value, Mapping):
        return MISFIT
    properties = mapping(schema.get("properties"))
    extra = schema.get("additionalProperties", True)
    required = required_of(schema)
    out: dict[str, JSON] = {}
    for key, member in value.items():
        member_schema = properties.get(key, extra)
        if member_schema is False:
            continue
        fitted = fit(member, member_schema, root, depth + 1)
        if fitted is not MISFIT:
            out[str(key)] = fitted
    for key in required:
        if key not in out:
            return MISFIT
    return out


def required_of(schema: Schema) -> list[str]:
    """The names an object schema requires."""
    required = schema.get("required")
    return [name for name in required if isinstance(name, str)] if isinstance(required, list) else []


def placeholder(schema: JSON, root: Schema, text: str = "unknown", depth: int = 0) -> JSON:
    """The plainest value that satisfies the schema: its default, null, an empty list, 0, or `text`."""
    resolved = resolve(schema, root)
    if "const" in resolved:
        return resolved["const"]
    if "default" in resolved:
        fitted = fit(resolved["default"], {k: v for k, v in resolved.items() if k != "default"}, root)
        if fitted is not MISFIT:
            return fitted
    choices = resolved.get("enum")
    if isinstance(choices, list) and choices:
        return None if None in choices else choices[0]
    if nullable(resolved, root) or depth > _DEPTH:
        return None
    resolved = main(resolved, root)
    if "const" in resolved or isinstance(resolved.get("enum"), list):
        return placeholder({k: v for k, v in resolved.items() if k != "default"}, root, text, depth + 1)
    wanted = kind(resolved)
    if wanted == "object":
        properties = mapping(resolved.get("properties"))
        return {
            name: placeholder(properties.get(name), root, text, depth + 1) for name in required_of(resolved)
        }
    if wanted == "array":
        prefix = resolved.get("prefixItems")
        if isinstance(prefix, list):
            return [placeholder(member, root, text, depth + 1) for member in prefix]
        least = resolved.get("minItems")
        count = least if isinstance(least, int) and 0 < least <= 100 else 0
        if resolved.get("uniqueItems"):
            made = [fit(f"{text} {n + 1}", resolved.get("items"), root) for n in range(count)]
            if MISFIT in made:
                made = [fit(n, resolved.get("items"), root) for n in range(count)]
            if MISFIT not in made:
                return made
        return [placeholder(resolved.get("items"), root, text, depth + 1) for _ in range(count)]
    if wanted in ("integer", "number"):
        number = _within(0.0, resolved, whole=wanted == "integer")
        return int(number) if wanted == "integer" or float(number).is_integer() else number
    if wanted == "boolean":
        return False
    if wanted == "null":
        return None
    return _placeholder_string(resolved, text)


def _placeholder_string(schema: Schema, text: str) -> str:
    candidates = [text, _FORMATS.get(str(schema.get("format")), text)]
    pattern = schema.get("pattern")
    if isinstance(pattern, str):
        made = _generate(pattern)
        if made is not None:
            candidates.append(made)
    shortest, longest = schema.get("minLength"), schema.get("maxLength")
    if isinstance(shortest, int) and shortest <= 10_000:
        candidates.append((text + "-" * shortest)[: max(shortest, len(text))])
        candidates.append("-" * shortest)
    if isinstance(longest, int):
        candidates.append(text[:longest])
    for candidate in candidates:
        fitted = _string(candidate, schema)
        if isinstance(fitted, str):
            return fitted
    return candidates[-1]


def canonical(value: JSON) -> str:
    """One spelling of a JSON value, to compare two by."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, default=str)
