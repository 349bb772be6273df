"""When are two model calls the same call, paid for twice?

They are if the model would read the same: model, instructions, conversation, tools, tool choice and output
format. How the reply travels (``stream``), caching hints, metadata and ids do not matter; call ids count only
by order, so that a live model's random ones compare too. Reasoning items are left out: they are opaque, and
never repeat.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import Any

from workshop.practice.json_bodies import Json

_PER_REPLY = {"id", "status", "encrypted_content", "annotations", "logprobs"}


def of(body: Json, conversation: Sequence[Any]) -> bytes:
    """A digest that is equal for equal calls.

    Args:
        body: The request; nothing about it need be valid.
        conversation: Every item the model reads, oldest first, with the previous response resolved.
    """
    text = body.get("text")
    calls: dict[str, int] = {}
    read = [
        body.get("model"),
        body.get("instructions") or None,
        [_item(item, calls) for item in conversation if not _is(item, "reasoning")],
        body.get("tools") or [],
        body.get("tool_choice") or "auto",
        _format(text.get("format") if isinstance(text, dict) else None),
    ]
    return hashlib.sha256(json.dumps(read, sort_keys=True, separators=(",", ":")).encode()).digest()


def items_of(given: object) -> list[Any]:
    """The items of a request's ``input``; a plain string is one user message."""
    if isinstance(given, str):
        return [{"role": "user", "content": given}]
    return given if isinstance(given, list) else []


def _format(given: object) -> object:
    return None if _is(given, "text") else given


def _is(item: object, kind: str) -> bool:
    return isinstance(item, dict) and item.get("type") == kind


def _item(item: Any, calls: dict[str, int]) -> object:
    if not isinstance(item, dict):
        return item
    if "role" in item:
        return ["message", item["role"], _content(item.get("content"))]
    kept = {key: value for key, value in item.items() if key not in _PER_REPLY}
    if isinstance(kept.get("call_id"), str):
        kept["call_id"] = calls.setdefault(kept["call_id"], len(calls))
    if isinstance(kept.get("arguments"), str):
        kept["arguments"] = _arguments(kept["arguments"])
    if "output" in kept:
        kept["output"] = _content(kept["output"])
    return kept


def _arguments(text: str) -> object:
    # Two clients may space the same JSON differently.
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text


def _content(content: Any) -> object:
    if isinstance(content, str):
        return [content]
    if not isinstance(content, list):
        return content
    return [_part(part) for part in content]


def _part(part: Any) -> object:
    if not isinstance(part, dict):
        return part
    if isinstance(part.get("text"), str):
        return part["text"]
    return {key: value for key, value in part.items() if key not in _PER_REPLY}


__all__ = ["items_of", "of"]
