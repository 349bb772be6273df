"""Stored responses: what ``previous_response_id`` refers to, and what can be retrieved.

A response keeps a link to the one before it, so a long chain takes memory in proportion to its length, and
deleting one in the middle leaves the later ones whole. Kept in memory only: they end with the gateway.
"""

from __future__ import annotations

import json
from collections import OrderedDict
from dataclasses import dataclass

from workshop.gateway.byte_budget import ByteBudget, Holding
from workshop.gateway.errors import ApiError, bad_request
from workshop.gateway.responses_api import items
from workshop.practice.json_bodies import Json, dump

MOST_PER_SCOPE = 5_000


@dataclass(slots=True)
class Stored:
    """One stored response: the items its request brought, the response itself, and the one before it."""

    before: Stored | None
    held: Holding  # JSON of the items, JSON of the response

    def items(self) -> list[Json] | None:
        """Every item the model has read or written up to this response; None if memory ran out for some."""
        chain: list[Stored] = []
        here: Stored | None = self
        while here is not None:
            chain.append(here)
            here = here.before
        found: list[Json] = []
        for stored in reversed(chain):
            if stored.held.data is None:
                return None
            brought, response = stored.held.data
            found += json.loads(brought or b"[]")
            found += json.loads(response or b"{}").get("output", [])
        return found


class StoredResponses:
    """The stored responses of one scope."""

    def __init__(self, budget: ByteBudget) -> None:
        self._budget = budget
        self._found: OrderedDict[str, Stored] = OrderedDict()

    def put(self, items: list[Json], response: Json, before: str | None) -> None:
        """Store ``response`` with the ``items`` that its own request brought."""
        key = str(response["id"])
        known = self._found.get(key)
        if known is not None and known.held.data is not None:
            # The same id is the same request: what is there already says the same.
            self._found.move_to_end(key)
            return
        stored = Stored(
            self._found.get(before) if before else None, self._budget.hold(dump(items), dump(response))
        )
        self._found[key] = stored
        if len(self._found) > MOST_PER_SCOPE:
            self._found.popitem(last=False)

    def conversation(self, previous: str | None) -> list[Json]:
        """Every item up to and including the response ``previous``; none without one.

        Raises:
            ApiError: 400, it is not stored in this scope (any more).
        """
        if previous is None:
            return []
        stored = self._found.get(previous)
        items = stored.items() if stored else None
        if items is None:
            message = f"Previous response with id '{previous}' not found."
            raise bad_request(message, "previous_response_id", "previous_response_not_found")
        return items

    def knows(self, key: str | None) -> bool:
        """Whether a response with this id is stored."""
        return key in self._found

    def get(self, key: str) -> Json:
        """The response with this id.

        Raises:
            ApiError: 404, it is not stored in this scope (any more).
        """
        return self._read(key)[1]

    def input_items(self, key: str) -> list[Json]:
        """What the model read to write the response with this id, oldest first; each item has an id.

        Raises:
            ApiError: 404, it is not stored in this scope (any more).
        """
        brought, _ = self._read(key)
        before = self._found[key].before
        earlier = (before.items() or []) if before else []
        return [
            items.full(item, f"{key.removeprefix('resp_')[:32]}{n:03d}")
            for n, item in enumerate(earlier + brought)
        ]

    def delete(self, key: str) -> None:
        """Forget the response with this id.

        Raises:
            ApiError: 404, it is not stored in this scope (any more).
        """
        self._read(key)
        # Its holding stays for as long as a later response goes on from it.
        del self._found[key]

    def item(self, key: str) -> Json | None:
        """The output item with this id, wherever it was written."""
        for stored in reversed(self._found.values()):
            if stored.held.data is not None:
                for item in json.loads(stored.held.data[1] or b"{}").get("output", []):
                    if item.get("id") == key:
                        return dict(item)
        return None

    def clear(self) -> None:
        """Forget all."""
        for stored in self._found.values():
            stored.held.drop()
        self._found.clear()

    def _read(self, key: str) -> tuple[list[Json], Json]:
        stored = self._found.get(key)
        if stored is None or stored.held.data is None:
            raise ApiError(404, f"Response with id '{key}' not found.", param=None)
        brought, response = stored.held.data
        return json.loads(brought or b"[]"), json.loads(response or b"{}")


__all__ = ["Stored", "StoredResponses"]
