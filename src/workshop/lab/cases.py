"""What a run has asked a person about: its calls, and what has become of them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from workshop.errors import LabError

STATES = {
    "waiting": "waiting",
    "asking": "being decided",
    "approved": "approved",
    "rejected": "rejected",
    "gone": "no longer waiting",
}


@dataclass
class Case:
    """A tool call, and what has become of it.

    Attributes:
        call_id: The model's own name for the call.
        call: The call in words: ``pay_relief(payee='Bob', amount=40)``.
        state: ``waiting``, ``asking`` while a press is on its way, ``approved``, ``rejected``, or ``gone``: no longer
            waiting, and not by a press here.
    """

    call_id: str
    call: str
    state: str = "waiting"


@dataclass
class Said:
    """What the latest press did, the line of Python that does the same, and whether it went wrong."""

    text: str = ""
    code: str = ""
    failed: bool = False


def case_of(told: Any) -> Case:
    """A pending call as the workflow tells it.

    Raises:
        LabError: it lacks its ``call_id``, its ``name`` or its ``arguments``.
    """
    try:
        given = json.loads(told["arguments"]) if isinstance(told["arguments"], str) else told["arguments"]
        said = ", ".join(f"{name}={value!r}" for name, value in given.items())
        return Case(told["call_id"], f"{told['name']}({said})")
    except (KeyError, TypeError, ValueError, AttributeError):
        raise LabError(
            f"lab.approvals: a pending call needs call_id, name and arguments, but the query told {told!r}"
        ) from None


__all__ = ["STATES", "Case", "Said", "case_of"]
