"""Stored responses and conversations, read and changed without asking the model; none of it is metered."""

from __future__ import annotations

from starlette.requests import Request

from workshop.gateway.bodies import read_json
from workshop.gateway.errors import bad_request
from workshop.gateway.recall import recall, resolve
from workshop.gateway.responses_api import (
    create_request,
    items,
    request_items,
    response_object,
    stream_events,
)
from workshop.gateway.responses_api.conversations import MOST_AT_A_TIME, Conversation
from workshop.gateway.scopes import Scope
from workshop.practice.json_bodies import Json


def get_response(scope: Scope, request: Request, body: bytes) -> Json | list[bytes]:
    """GET responses/{key}, whole or as a stream."""
    response = scope.stored.get(request.path_params["key"])
    if request.query_params.get("stream") != "true":
        return response
    after = request.query_params.get("starting_after", "-1")
    return stream_events.encode(response)[int(after) + 1 if after.isdigit() else 0 :]


def delete_response(scope: Scope, request: Request, body: bytes) -> Json:
    """DELETE responses/{key}."""
    key = request.path_params["key"]
    scope.stored.delete(key)
    return {"id": key, "object": "response", "deleted": True}


def cancel_response(scope: Scope, request: Request, body: bytes) -> Json:
    """POST responses/{key}/cancel: none that practice mode gives is still under way."""
    scope.stored.get(request.path_params["key"])
    raise bad_request("Cannot cancel a synchronous response.")


def list_input(scope: Scope, request: Request, body: bytes) -> Json:
    """GET responses/{key}/input_items."""
    return items.page(scope.stored.input_items(request.path_params["key"]), request.query_params)


def count_input(scope: Scope, request: Request, body: bytes) -> Json:
    """POST responses/input_tokens: how many tokens a request would read."""
    asked = create_request.parse({"model": response_object.MODEL, **read_json(body)})
    count = response_object.tokens_read(asked, recall(asked, scope).counted)
    return {"object": "response.input_tokens", "input_tokens": count}


def create_conversation(scope: Scope, request: Request, body: bytes) -> Json:
    """POST conversations."""
    asked = read_json(body or b"{}")
    metadata = _metadata(asked)
    given = _items(scope, asked) if asked.get("items") is not None else []
    made = scope.conversations.create(response_object.EPOCH, metadata)
    made.add(given)
    return made.describe()


def get_conversation(scope: Scope, request: Request, body: bytes) -> Json:
    """GET conversations/{key}."""
    return _named(scope, request).describe()


def update_conversation(scope: Scope, request: Request, body: bytes) -> Json:
    """POST conversations/{key}: other metadata."""
    found, asked = _named(scope, request), read_json(body)
    if "metadata" not in asked:
        raise bad_request("Missing required parameter: 'metadata'.", "metadata", "missing_required_parameter")
    found.metadata = _metadata(asked)
    return found.describe()


def delete_conversation(scope: Scope, request: Request, body: bytes) -> Json:
    """DELETE conversations/{key}."""
    key = request.path_params["key"]
    scope.conversations.delete(key)
    return {"id": key, "object": "conversation.deleted", "deleted": True}


def add_items(scope: Scope, request: Request, body: bytes) -> Json:
    """POST conversations/{key}/items."""
    found = _named(scope, request)
    given = _items(scope, read_json(body))
    found.check_new(given)
    return items.listed(found.add(given))


def list_items(scope: Scope, request: Request, body: bytes) -> Json:
    """GET conversations/{key}/items."""
    return items.page(_named(scope, request).items(), request.query_params)


def get_item(scope: Scope, request: Request, body: bytes) -> Json:
    """GET conversations/{key}/items/{item}."""
    return _named(scope, request).item(request.path_params["item"])


def delete_item(scope: Scope, request: Request, body: bytes) -> Json:
    """DELETE conversations/{key}/items/{item}: answers with the conversation."""
    found = _named(scope, request)
    found.remove(request.path_params["item"])
    return found.describe()


# Method, path below /v1, what answers in practice mode.
ROUTES = (
    ("POST", "/responses/input_tokens", count_input),
    ("GET", "/responses/{key}", get_response),
    ("DELETE", "/responses/{key}", delete_response),
    ("POST", "/responses/{key}/cancel", cancel_response),
    ("GET", "/responses/{key}/input_items", list_input),
    ("POST", "/conversations", create_conversation),
    ("GET", "/conversations/{key}", get_conversation),
    ("POST", "/conversations/{key}", update_conversation),
    ("DELETE", "/conversations/{key}", delete_conversation),
    ("POST", "/conversations/{key}/items", add_items),
    ("GET", "/conversations/{key}/items", list_items),
    ("GET", "/conversations/{key}/items/{item}", get_item),
    ("DELETE", "/conversations/{key}/items/{item}", delete_item),
)


def _named(scope: Scope, request: Request) -> Conversation:
    return scope.conversations.get(request.path_params["key"])


def _metadata(asked: Json) -> Json:
    return create_request.read_metadata(asked.get("metadata"))


def _items(scope: Scope, asked: Json) -> list[Json]:
    given = request_items.read_items(asked.get("items"), "items")
    if len(given) > MOST_AT_A_TIME:
        message = (
            f"Invalid 'items': array too long. Expected an array with maximum length {MOST_AT_A_TIME}, "
            f"but got an array with length {len(given)} instead."
        )
        raise bad_request(message, "items", "array_above_max_length")
    return [resolve(item, scope) for item in given]


__all__ = ["ROUTES"]
