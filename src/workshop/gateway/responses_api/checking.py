"""The words of the real API for a value that is missing, of another type, or none of those it knows."""

from __future__ import annotations

import json
from collections.abc import Sequence

from workshop.gateway.errors import ApiError, bad_request
from workshop.practice.json_bodies import Json, kind_of


def wrong_type(param: str, expected: str, value: object) -> ApiError:
    """A 400: ``param`` holds a value of another type."""
    message = f"Invalid type for '{param}': expected {expected}, but got {kind_of(value)} instead."
    return bad_request(message, param, "invalid_type")


def not_one_of(param: str, value: object, options: Sequence[str]) -> ApiError:
    """A 400: ``param`` holds none of the values that it may."""
    listed = ", ".join(f"'{option}'" for option in options)
    shown = f"'{value}'" if isinstance(value, str) else json.dumps(value)
    return bad_request(f"Invalid value: {shown}. Supported values are: {listed}.", param, "invalid_value")


def need_string(item: Json, name: str, where: str) -> None:
    """There is a string under ``name``.

    Raises:
        ApiError: 400, there is none.
    """
    value = item.get(name)
    if value is None:
        raise bad_request(
            f"Missing required parameter: '{where}.{name}'.", f"{where}.{name}", "missing_required_parameter"
        )
    if not isinstance(value, str):
        raise wrong_type(f"{where}.{name}", "a string", value)


__all__ = ["need_string", "not_one_of", "wrong_type"]
