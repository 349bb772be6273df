"""What a request refers to without bringing it: the response or conversation before it, items by id, compacted ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from workshop.gateway.errors import ApiError, bad_request
from workshop.gateway.responses_api import compaction
from workshop.gateway.responses_api.conversations import Conversation
from workshop.gateway.responses_api.create_request import CreateRequest
from workshop.gateway.scopes import Scope
from workshop.practice.json_bodies import Json


@dataclass(frozen=True, slots=True)
class Recalled:
    """A request with what it refers to.

    Attributes:
        brought: The items that the request itself brings.
        counted: Every item that the model is sent, oldest first: what its tokens are counted by.
        read: The same with compacted ones opened.
        conversation: The stored conversation to which the request belongs, if any.
    """

    brought: list[Json]
    counted: list[Json]
    read: list[Json]
    conversation: Conversation | None

    def keep(self, request: CreateRequest, response: Json, scope: Scope) -> None:
        """Keep ``response`` for later requests, where this one asks for it."""
        if request.store:
            scope.stored.put(self.brought, response, request.previous_response_id)
        if self.conversation is not None:
            self.conversation.add([*self.brought, *response["output"]])


def recall(request: CreateRequest, scope: Scope) -> Recalled:
    """Find what ``request`` refers to.

    Raises:
        ApiError: 400 or 404, something of it is not in this scope (any more), or is there already.
    """
    conversation = scope.conversations.get(request.conversation) if request.conversation else None
    previous = request.previous_response_id
    if conversation is not None:
        before = conversation.items()
    else:
        before = scope.stored.conversation(previous)
        if previous is not None and "conversation" in scope.stored.get(previous):
            message = f"Response with id '{previous}' belongs to a conversation: go on with 'conversation'."
            raise bad_request(message, "previous_response_id")
    brought = [resolve(item, scope, before) for item in request.items]
    if conversation is not None:
        conversation.check_new(brought)
    every = [*before, *brought]
    return Recalled(brought, every, compaction.expand(every), conversation)


def resolve(item: Json, scope: Scope, before: Sequence[Json] = ()) -> Json:
    """The item itself, where ``item`` only refers to one.

    Raises:
        ApiError: 404, there is none.
    """
    if item.get("type") != "item_reference":
        return item
    key = item["id"]
    found = scope.stored.item(key) or next((one for one in before if one.get("id") == key), None)
    if found is None:
        raise ApiError(404, f"Item with id '{key}' not found.", param="input")
    return found


__all__ = ["Recalled", "recall", "resolve"]
