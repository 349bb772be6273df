"""What the practice model's place says when the practice model itself has failed: that, in the form asked for.

Nothing here uses the practice model's own code, which has just failed, perhaps on this very schema.
"""

from __future__ import annotations

import json
from typing import Any

from workshop.practice.json_bodies import Json

TEXT = (
    "I cannot answer this: the practice model failed on it. That is a fault of the course, not yours; the "
    "gateway's log says where. Ask in other words, or use a real model (OPENAI_API_KEY)."
)
_START = "I cannot answer this"  # at least this much must be there, or the reply would pass for an answer
_MOST_VALUES = 2_000
_DEEPEST = 20
# A schema with one of these takes more than this module knows.
_BEYOND = ("allOf", "not", "if", "pattern", "format", "multipleOf", "patternProperties", "propertyNames")

_CHOOSING, _SHAPING = ("$ref", "anyOf", "oneOf"), ("type", "properties", "required", "items", "enum", "const")


def written_as(text_format: Json | None) -> str | None:
    """:data:`TEXT` as the output format wants it.

    Returns:
        The text; JSON text that satisfies the format's schema and says it in some string; None if the schema
        leaves no room for that, or takes more to satisfy than this module knows.
    """
    if text_format is None:
        return TEXT
    if text_format.get("type") == "json_object":
        return json.dumps({"error": TEXT})
    try:
        value = _Writer(text_format.get("schema")).value()
    except (_Beyond, TypeError):  # TypeError: a bound that is no number
        return None
    text = json.dumps(value, ensure_ascii=False)
    return text if _START in text else None


class _Beyond(Exception):
    pass


class _Writer:
    def __init__(self, root: Any) -> None:
        self._root = root
        self._left = _MOST_VALUES

    def value(self) -> Any:
        """The plainest value for the whole schema."""
        return self._value(self._root, 0)

    def _value(self, schema: Any, depth: int) -> Any:
        self._left -= 1
        if depth > _DEEPEST or self._left < 0:
            raise _Beyond
        if schema is True:
            return TEXT
        if not isinstance(schema, dict) or any(word in schema for word in _BEYOND):
            raise _Beyond
        if any(word in schema for word in _CHOOSING) and any(word in schema for word in _SHAPING):
            raise _Beyond
        if "$ref" in schema:
            return self._value(self._at(schema["$ref"]), depth + 1)
        if "const" in schema:
            return schema["const"]
        if schema.get("enum"):
            return schema["enum"][0]
        for key in ("anyOf", "oneOf"):
            if key in schema:
                return self._first(schema[key], depth)
        kinds = schema.get("type")
        if isinstance(kinds, list):
            return self._first([{**schema, "type": kind} for kind in kinds], depth)
        return self._plain(schema, kinds, depth)

    def _first(self, options: list[Any], depth: int) -> Any:
        for option in sorted(options, key=_says_little):
            try:
                return self._value(option, depth + 1)
            except _Beyond:
                continue
        raise _Beyond

    def _plain(self, schema: Json, kind: object, depth: int) -> Any:
        if kind == "object" or (kind is None and "properties" in schema):
            properties, rest = schema.get("properties", {}), schema.get("additionalProperties", True)
            if schema.get("minProperties"):
                raise _Beyond
            # What may be left out is: except the strings, which can say what happened.
            needed = set(schema.get("required", ()))
            wanted = [name for name in properties if name in needed or _is_string(properties[name])]
            wanted += sorted(needed - properties.keys())
            return {name: self._value(properties.get(name, rest), depth + 1) for name in wanted}
        if kind == "array":
            least = schema.get("minItems", 0)
            if "prefixItems" in schema or "contains" in schema or not isinstance(least, int):
                raise _Beyond
            if least > 1 and schema.get("uniqueItems"):
                raise _Beyond
            return [
                self._value(schema.get("items", True), depth + 1) for _ in range(min(least, _MOST_VALUES))
            ]
        if kind in ("number", "integer"):
            return _number(schema)
        if kind is None or kind == "string":
            return _string(schema)
        return False if kind == "boolean" else None

    def _at(self, reference: str) -> Any:
        here = self._root
        for part in reference.removeprefix("#").split("/")[1:]:
            here = here[part.replace("~1", "/").replace("~0", "~")]
        return here


def _says_little(option: Any) -> bool:
    # A string says more than null, and so may an object or a list.
    kind = option.get("type") if isinstance(option, dict) else None
    return kind in ("null", "boolean", "number", "integer")


def _is_string(schema: Any) -> bool:
    return (
        isinstance(schema, dict) and schema.get("type") == "string" and not any(w in schema for w in _BEYOND)
    )


def _string(schema: Json) -> str:
    least, most = schema.get("minLength", 0), schema.get("maxLength", len(TEXT))
    if not isinstance(least, int) or not isinstance(most, int) or least > 10_000:
        raise _Beyond
    return TEXT[:most].ljust(least, ".")


def _number(schema: Json) -> int:
    low, high = schema.get("minimum"), schema.get("maximum")
    above, below = schema.get("exclusiveMinimum"), schema.get("exclusiveMaximum")
    for number in (0, low, high):
        if (
            isinstance(number, int)
            and (low is None or number >= low)
            and (high is None or number <= high)
            and (above is None or number > above)
            and (below is None or number < below)
        ):
            return int(number)
    raise _Beyond


__all__ = ["TEXT", "written_as"]
