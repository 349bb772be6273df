"""Reads the final response out of a passing stream of server-sent events.

Format: https://html.spec.whatwg.org/multipage/server-sent-events.html (``data:`` lines; an empty line ends an
event).
"""

from __future__ import annotations

import json
from typing import Any

_LONGEST_EVENT = 16 * 1024 * 1024  # bytes
_FINAL = (b"response.completed", b"response.incomplete", b"response.failed")


class FinalResponse:
    """Watches a stream go by; feed it every piece."""

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, piece: bytes) -> dict[str, Any] | None:
        """The final response, once its event has passed."""
        self._rest += piece
        if len(self._rest) > _LONGEST_EVENT:
            self._rest = b""
        found = None
        while True:
            event, separator, rest = _split(self._rest)
            if not separator:
                return found
            self._rest = rest
            found = _response(event) or found


def _split(text: bytes) -> tuple[bytes, bytes, bytes]:
    unix, windows = text.find(b"\n\n"), text.find(b"\r\n\r\n")
    if windows != -1 and (unix == -1 or windows < unix):
        return text.partition(b"\r\n\r\n")
    return text.partition(b"\n\n")


def _response(event: bytes) -> dict[str, Any] | None:
    if not any(name in event for name in _FINAL):
        return None
    data = b"\n".join(line[5:].strip() for line in event.splitlines() if line.startswith(b"data:"))
    try:
        told = json.loads(data)
    except (ValueError, RecursionError):
        return None
    if not isinstance(told, dict) or str(told.get("type")).encode() not in _FINAL:
        return None
    response = told.get("response")
    return response if isinstance(response, dict) else None


__all__ = ["FinalResponse"]
