"""How views name calls and amounts, so that all of them use the same words."""

from __future__ import annotations

import os
from collections.abc import Mapping

from workshop.lab.gateway_client import Call, CallStatus, Route

PRACTICE_MODEL = "practice-model"
"""What the practice model calls itself in its replies."""

ROUTES: dict[Route, str] = {
    "model": "model",
    "other": "other provider",
    "weather": "weather service",
    "ip": "IP address service",
    "geo": "location service",
    "bank": "bank",
    "library": "library",
}

_STATUSES: dict[CallStatus, str] = {
    "completed": "completed",
    "failed": "failed",
    "cut": "cut off",
    "in_flight": "under way",
}


def outcome(status: CallStatus, http_status: int | None) -> str:
    """How a call ended, for example ``failed (429)``."""
    return f"{_STATUSES[status]} ({http_status})" if status == "failed" and http_status else _STATUSES[status]


def remark(call: Call, numbers: Mapping[int, int]) -> str:
    """What else is worth saying about a call: staged failures and repeats.

    Args:
        call: The call.
        numbers: How the model calls are numbered where this is shown, by their place in the order of arrival.
    """
    said = []
    if call.repeats is not None:
        first = f"call {numbers[call.repeats]}" if call.repeats in numbers else "an earlier call"
        said.append(f"repeats {first}: paid twice")
    if call.fault is not None:
        said.append(f"fault: {call.fault.replace('_', ' ')}")
    return "; ".join(said)


def count(number: int, noun: str, plural: str | None = None) -> str:
    """A number and its noun: ``1 call``, ``1,352 calls``."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def model_name(name: object) -> str:
    """A model's name as a reader should see it."""
    return "practice model" if name == PRACTICE_MODEL else str(name)


_KB, _MB = 2**10, 2**20
"""As the server's own limits count them."""


def size(number: float) -> str:
    """Bytes as a reader compares them. Stored outputs are compared too, and exact bytes differ from run to run."""
    if number >= _MB:
        return f"{number / _MB:.1f} MB".replace(".0 MB", " MB")
    if number >= _KB or are_stored():
        return f"{round(number / _KB):,} KB"
    return f"{number:,.0f} bytes"


def about(number: int) -> int:
    """Two digits of a number: more would be believed."""
    unit = int(10 ** max(0, len(str(number)) - 2))
    return round(number / unit) * unit


def are_stored() -> bool:
    """Whether views are made to be stored and compared, rather than looked at in a notebook that runs."""
    return os.environ.get("WORKSHOP_VIEWS") == "static"


__all__ = [
    "PRACTICE_MODEL",
    "ROUTES",
    "about",
    "are_stored",
    "count",
    "model_name",
    "outcome",
    "remark",
    "size",
]
