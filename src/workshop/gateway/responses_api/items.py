"""Items as lists of them tell: fuller than they were sent, and page by page."""

from __future__ import annotations

from collections.abc import Mapping

from workshop.gateway.errors import bad_request
from workshop.practice.json_bodies import Json

MOST_ON_A_PAGE = 100
_PREFIXES = {
    "message": "msg",
    "function_call": "fc",
    "function_call_output": "fco",
    "reasoning": "rs",
    "compaction": "cmp",
}


def full(item: Json, tail: str) -> Json:
    """The item with an id (its own, or one that ends with ``tail``), a status, and its content as parts."""
    kind = item.get("type") or "message"
    told = {key: value for key, value in item.items() if key != "id" or value is not None}
    made: Json = {"id": f"{_PREFIXES.get(kind, 'item')}_{tail}", "type": kind, "status": "completed", **told}
    if kind == "message":
        made["content"] = _parts(made.get("content"), made.get("role"))
    return made


def page(items: list[Json], query: Mapping[str, str]) -> Json:
    """One page of ``items``, which stand oldest first, as ``order``, ``after`` and ``limit`` ask for it.

    Raises:
        ApiError: 400, one of them cannot be.
    """
    order, limit = query.get("order", "desc"), query.get("limit", "20")
    if order not in ("asc", "desc"):
        raise bad_request(
            f"Invalid value: '{order}'. Supported values are: 'asc', 'desc'.", "order", "invalid_value"
        )
    if not limit.isdigit() or not 1 <= int(limit) <= MOST_ON_A_PAGE:
        message = (
            f"Invalid 'limit': expected an integer from 1 to {MOST_ON_A_PAGE}, but got '{limit}' instead."
        )
        raise bad_request(message, "limit", "invalid_value")
    left = items if order == "asc" else items[::-1]
    if "after" in query:
        ids = [item["id"] for item in left]
        left = left[ids.index(query["after"]) + 1 :] if query["after"] in ids else []
    return listed(left[: int(limit)], more=len(left) > int(limit))


def listed(items: list[Json], *, more: bool = False) -> Json:
    """The list object that holds ``items``."""
    first, last = (items[0]["id"], items[-1]["id"]) if items else ("", "")
    return {"object": "list", "data": items, "first_id": first, "last_id": last, "has_more": more}


def _parts(content: object, role: object) -> object:
    given = [{"type": _text_of(role), "text": content}] if isinstance(content, str) else content
    if not isinstance(given, list):
        return given
    return [
        {"annotations": [], **part} if isinstance(part, dict) and part.get("type") == "output_text" else part
        for part in given
    ]


def _text_of(role: object) -> str:
    return "output_text" if role == "assistant" else "input_text"


__all__ = ["MOST_ON_A_PAGE", "full", "listed", "page"]
