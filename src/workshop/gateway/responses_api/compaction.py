"""Compaction: a long conversation as one opaque item, and back.

The real API's item holds what its model thinks worth keeping, encrypted. The practice model's holds all of it,
compressed: it takes a fraction of the tokens and loses nothing.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import zlib
from collections.abc import Sequence

from workshop.gateway.bodies import LARGEST_BODY
from workshop.gateway.errors import ApiError, bad_request
from workshop.gateway.responses_api import items
from workshop.practice.json_bodies import Json, dump


def compact(conversation: Sequence[Json]) -> list[Json]:
    """What stands for the conversation from now on: its user messages, then the compaction item."""
    told = dump(list(conversation))
    digest = hashlib.sha256(told).hexdigest()[:40]
    said = [item for item in conversation if item.get("role") == "user"]
    kept = [
        items.full({k: v for k, v in item.items() if k != "id"}, f"{digest}{n:03d}")
        for n, item in enumerate(said)
    ]
    content = base64.b64encode(zlib.compress(told, 9)).decode()
    return [*kept, {"id": f"cmp_{digest}", "type": "compaction", "encrypted_content": content}]


def expand(given: Sequence[Json]) -> list[Json]:
    """The items with every compaction item replaced by the conversation that it stands for.

    Raises:
        ApiError: 400, a compaction item was not made here.
    """
    found: list[Json] = []
    for item in given:
        if item.get("type") != "compaction":
            found.append(item)
            continue
        inside = _open(item.get("encrypted_content"))
        known = [_said(one) for one in inside]
        # The user messages before it are in it, in their place.
        found = [one for one in found if _said(one) not in known] + inside
    return found


def _said(item: Json) -> object:
    told = items.full(item, "")
    return [told.get("role"), told.get("content")] if told["type"] == "message" else item


def _open(content: object) -> list[Json]:
    try:
        packed = base64.b64decode(content if isinstance(content, str) else "", validate=True)
        unpacked = zlib.decompressobj().decompress(packed, LARGEST_BODY)
        told = json.loads(unpacked)
    except (binascii.Error, zlib.error, ValueError):
        told = None
    if not isinstance(told, list) or not all(isinstance(item, dict) for item in told):
        raise _not_ours()
    return told


def _not_ours() -> ApiError:
    message = "The encrypted content of a compaction item could not be verified: it was not made here."
    return bad_request(message, "input", "invalid_encrypted_content")


__all__ = ["compact", "expand"]
