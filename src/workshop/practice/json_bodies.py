"""JSON bodies as the services read and write them: objects only, nothing but JSON; compact, in UTF-8."""

from __future__ import annotations

import json
from typing import Any, NoReturn

Json = dict[str, Any]


class BodyError(ValueError):
    """A body is no JSON object; the message says so to whoever sent it.

    Args:
        message: What is wrong.
        code: The same for programs, as OpenAI's API has it; None if that has none.
    """

    def __init__(self, message: str, code: str | None = None) -> None:
        super().__init__(message)
        self.code = code


def read(body: bytes | str) -> Json:
    """The JSON object in ``body``.

    Raises:
        BodyError: it is not JSON, or JSON of another kind.
    """
    try:
        value = json.loads(body, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise BodyError("We could not parse the JSON body of your request: it is not valid JSON.") from None
    if not isinstance(value, dict):
        message = f"Invalid body: expected an object, but got {kind_of(value)} instead."
        raise BodyError(message, "invalid_type")
    return value


def compact(value: object) -> str:
    """JSON without spaces; letters of any language stay as they are."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def dump(value: object) -> bytes:
    """Compact JSON in UTF-8. A lone surrogate, which UTF-8 cannot hold, becomes a question mark."""
    return compact(value).encode("utf-8", "replace")


def kind_of(value: object) -> str:
    """What JSON calls a value, with its article: "an object", "a decimal"."""
    if value is None:
        return "null"
    kinds: dict[type, str] = {
        dict: "an object",
        list: "an array",
        str: "a string",
        bool: "a boolean",
        int: "an integer",
        float: "a decimal",
    }
    return kinds.get(type(value), "something else")


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


__all__ = ["BodyError", "Json", "compact", "dump", "kind_of", "read"]
