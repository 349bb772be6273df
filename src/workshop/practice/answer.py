"""What a service of the practice world answers, and how the course's own services word a refusal.

Their refusals are problem documents with a ``code`` (https://www.rfc-editor.org/rfc/rfc9457).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Literal

from workshop.practice.json_bodies import dump

NOTICE = "practice (made up)"
PROBLEM = "application/problem+json"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a service answers.

    Attributes:
        status: HTTP status.
        content_type: What the body is.
        body: The whole body.
        headers: Further headers, names in lower case.
        summary: In a few words, what the service did; empty where the request itself says it.
    """

    status: int
    content_type: str
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)
    summary: str = ""


def problem(service: Literal["bank", "library"], status: int, detail: str, code: str | None = None) -> Answer:
    """A refusal of one of the course's own services.

    Args:
        service: Which of them.
        status: HTTP status, 4xx or 5xx.
        detail: Why, in a sentence.
        code: Why, for programs; without one, the name of the status.
    """
    code = code or _name_of(status)
    document = {
        "type": f"https://{service}.example/problems/{code}",
        "title": code.replace("_", " ").capitalize(),
        "status": status,
        "detail": detail,
        "code": code,
    }
    return Answer(status, PROBLEM, dump(document))


def _name_of(status: int) -> str:
    try:
        return HTTPStatus(status).name.lower()
    except ValueError:
        return "error"


__all__ = ["NOTICE", "PROBLEM", "Answer", "problem"]
