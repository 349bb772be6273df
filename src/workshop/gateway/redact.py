"""Takes the key out of what comes back from the service it was sent to.

A service that refuses a key may quote it. Whatever comes back is printed by notebooks, kept in transcripts and,
as the reason of a failure, written into event histories for good.
"""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from urllib.parse import quote

HIDDEN = b"(key)"
"""What stands in the key's place."""

SHORTEST = 16
"""Letters; what is shorter is no secret but a word such as "ollama", which a reply may hold for other reasons."""

_MASKED = re.compile(rb"(?<![\w-])([\w-]*)\*{3,}([\w-]*)(?![\w-])")


class Redactor:
    """Hides one key, also where it is cut into two pieces, escaped, or shown with stars in its middle."""

    def __init__(self, key: str) -> None:
        # As it is, as JSON writes it, and as an address does.
        written = {key, json.dumps(key)[1:-1], quote(key, safe="")} if len(key) >= SHORTEST else set()
        self._key = key.encode()
        self._written = sorted((each.encode() for each in written), key=len, reverse=True)

    def hide(self, text: bytes) -> bytes:
        """A whole text without the key."""
        for each in self._written:
            text = text.replace(each, HIDDEN)
        return _MASKED.sub(self._masked, text) if self._written and b"***" in text else text

    def hide_in_header(self, value: str) -> str:
        """A header's value without the key."""
        return self.hide(value.encode()).decode()

    async def pass_on(self, pieces: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
        """The pieces of a stream without the key; held back is only what may be its beginning."""
        rest = b""
        async for piece in pieces:
            text = self.hide(rest + piece)
            held = self._begun(text)
            rest = text[len(text) - held :]
            if held < len(text):
                yield text[: len(text) - held]
        if rest:
            yield rest

    def _begun(self, text: bytes) -> int:
        """How many bytes at the end of a text are the beginning of the key."""
        longest = 0
        for each in self._written:
            for size in range(min(len(each) - 1, len(text)), longest, -1):
                if text.endswith(each[:size]):
                    longest = size
                    break
        return longest

    def _masked(self, found: re.Match[bytes]) -> bytes:
        begin, end = found.groups()
        shows_it = bool(begin or end) and self._key.startswith(begin) and self._key.endswith(end)
        return HIDDEN if shows_it else found[0]


__all__ = ["HIDDEN", "Redactor"]
