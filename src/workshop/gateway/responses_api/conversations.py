"""Conversations that the provider keeps: ``/v1/conversations``, and what ``conversation`` in a request names.

Source: https://platform.openai.com/docs/api-reference/conversations. Kept in memory only: they end with the
gateway, or with a ``forget`` fault.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections import OrderedDict
from collections.abc import Sequence

from workshop.gateway.byte_budget import ByteBudget, Holding
from workshop.gateway.errors import ApiError, bad_request
from workshop.gateway.responses_api import items
from workshop.practice.json_bodies import Json, dump

MOST_PER_SCOPE = 1_000
MOST_AT_A_TIME = 20  # items that one request may add, as the real API


class Conversation:
    """One conversation: its items, in the order in which they were added, and its metadata."""

    def __init__(self, budget: ByteBudget, created_at: int, metadata: Json) -> None:
        # Random: an id that was forgotten must never name another conversation.
        self.key = f"conv_{secrets.token_hex(24)}"
        self.metadata = metadata
        self.busy = False
        self._created_at = created_at
        self._budget = budget
        self._items: OrderedDict[str, Holding] = OrderedDict()
        self._made = 0

    @property
    def whole(self) -> bool:
        """Whether no item was lost to the gateway's limit on memory."""
        return all(held.data is not None for held in self._items.values())

    def describe(self) -> Json:
        """The conversation object."""
        return {
            "id": self.key,
            "object": "conversation",
            "created_at": self._created_at,
            "metadata": self.metadata,
        }

    def items(self) -> list[Json]:
        """Every item, oldest first."""
        return [_read(held) for held in self._items.values()]

    def item(self, key: str) -> Json:
        """The item with this id.

        Raises:
            ApiError: 404, there is none.
        """
        if key not in self._items:
            raise ApiError(404, f"Item with id '{key}' not found in conversation with id '{self.key}'.")
        return _read(self._items[key])

    def check_new(self, given: Sequence[Json]) -> None:
        """None of these items is here already.

        Raises:
            ApiError: 400, one is.
        """
        for item in given:
            if item.get("id") in self._items:
                raise bad_request(
                    f"Duplicate item found with id {item['id']}. "
                    "Remove duplicate items from your input and try again.",
                    "input",
                )

    def add(self, given: Sequence[Json]) -> list[Json]:
        """Add items at the end; as they are kept, each with its id."""
        added = []
        for item in given:
            self._made += 1
            kept = items.full(item, hashlib.sha256(f"{self.key}/{self._made}".encode()).hexdigest()[:48])
            self._items[kept["id"]] = self._budget.hold(dump(kept))
            added.append(kept)
        return added

    def remove(self, key: str) -> None:
        """Take an item out.

        Raises:
            ApiError: 404, there is none.
        """
        self.item(key)
        self._items.pop(key).drop()

    def clear(self) -> None:
        """Forget every item."""
        for held in self._items.values():
            held.drop()
        self._items.clear()

    def take(self) -> None:
        """Keep other requests out until ``busy`` is false again.

        Raises:
            ApiError: 400, another request is at work on it.
        """
        if self.busy:
            message = (
                "Another process is currently operating on this conversation. Please retry in a few seconds."
            )
            raise bad_request(message, "conversation", "conversation_locked")
        self.busy = True


class Conversations:
    """The conversations of one scope."""

    def __init__(self, budget: ByteBudget) -> None:
        self._budget = budget
        self._found: OrderedDict[str, Conversation] = OrderedDict()

    def create(self, created_at: int, metadata: Json) -> Conversation:
        """A new conversation, still empty."""
        made = Conversation(self._budget, created_at, metadata)
        self._found[made.key] = made
        if len(self._found) > MOST_PER_SCOPE:
            self._found.popitem(last=False)[1].clear()
        return made

    def get(self, key: str) -> Conversation:
        """The conversation with this id.

        Raises:
            ApiError: 404, there is none in this scope (any more).
        """
        found = self._found.get(key)
        if found is None or not found.whole:
            raise ApiError(404, f"Conversation with id '{key}' not found.")
        self._found.move_to_end(key)
        return found

    def delete(self, key: str) -> None:
        """Forget a conversation.

        Raises:
            ApiError: 404, there is none in this scope (any more).
        """
        self.get(key).clear()
        del self._found[key]

    def clear(self) -> None:
        """Forget all."""
        for found in self._found.values():
            found.clear()
        self._found.clear()


def _read(held: Holding) -> Json:
    return dict(json.loads((held.data or (b"{}",))[0] or b"{}"))


__all__ = ["MOST_AT_A_TIME", "Conversation", "Conversations"]
