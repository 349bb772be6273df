"""Practice mode: replies made here, by the practice model and from the practice world."""

from __future__ import annotations

import asyncio
from typing import Any

from workshop.gateway import identity, replies, responses_api, stream_events
from workshop.gateway.connection import CallerGone
from workshop.gateway.errors import ApiError, dump
from workshop.gateway.exchange import Incoming, Reply
from workshop.gateway.meter import Outcome
from workshop.gateway.scopes import Scope
from workshop.practice import bank as practice_bank
from workshop.practice import weather as practice_world

Json = dict[str, Any]

_HEADERS = {"x-workshop-model": replies.NOTICE, "openai-version": "2020-10-01"}


async def model(incoming: Incoming) -> Reply:
    """Answer a call to ``POST /v1/responses``.

    Raises:
        ApiError: the request is wrong, or 500, the practice model failed; nothing has been stored.
    """
    require_key(incoming.bearer)
    request = responses_api.parse(incoming.json or {})
    stored = incoming.scope.stored
    brought = [_resolve(item, incoming.scope) for item in request.items]
    conversation = stored.conversation(request.previous_response_id) + brought
    responses_api.check_pairs(conversation)
    responses_api.check_length(replies.text_tokens(request, conversation))
    if replies.takes_long(request, conversation):
        # Other notebooks' calls must not wait for it.
        decision = await asyncio.to_thread(replies.decide, request, conversation)
    else:
        decision = replies.decide(request, conversation)
    response = replies.build(request, conversation, decision)
    body = dump(response)
    headers = {**_HEADERS, "x-request-id": f"req_{response['id'][5:37]}", "x-workshop-rule": decision.rule}
    if request.ignored_tools:
        headers["x-workshop-ignored-tools"] = ", ".join(request.ignored_tools)
    outcome = Outcome(
        input_tokens=response["usage"]["input_tokens"],
        output_tokens=response["usage"]["output_tokens"],
        estimated=True,
        identity=identity.of(request.body, conversation),
        summary=summarize(response),
        response=body,
        rule=decision.rule,
    )

    def keep() -> None:
        if request.store:
            stored.put(brought, response, request.previous_response_id)

    if request.stream:
        headers |= {"content-type": "text/event-stream; charset=utf-8", "cache-control": "no-cache"}
        return Reply(200, headers, stream_events.encode(response), outcome, keep)
    return Reply(200, headers | {"content-type": "application/json"}, body, outcome, keep)


async def service(incoming: Incoming, name: practice_world.Service, path: str) -> Reply:
    """Answer a call to one of the tools' services; ``path`` is what follows its name in the address."""
    request = incoming.request
    answer = practice_world.answer(name, path, request.query_params, request.headers.get("user-agent"))
    headers = {"content-type": answer.content_type, "x-workshop-world": practice_world.NOTICE}
    summary = f"{request.method} {path}" if answer.status < 400 else f"error {answer.status}"
    return Reply(answer.status, headers, answer.body, Outcome(summary=summary, response=answer.body))


async def bank(incoming: Incoming, path: str) -> Reply:
    """Answer a call to the bank; ``path`` is what follows ``/bank`` in the address.

    Raises:
        CallerGone: nobody is there to have the reply, and no money has moved.
    """
    if not incoming.connection.open:
        raise CallerGone
    request = incoming.request
    key = request.headers.get("idempotency-key")
    answer = practice_bank.answer(incoming.scope.bank, request.method, path, incoming.body, key)
    headers = {**answer.headers, "x-workshop-world": practice_world.NOTICE}
    return Reply(answer.status, headers, answer.body, Outcome(summary=answer.summary, response=answer.body))


def require_key(key: str | None) -> None:
    """Refuse a caller without a key, as the real API does; any key will do.

    Raises:
        ApiError: 401.
    """
    if key is None:
        message = (
            "You didn't provide an API key. Send one in an Authorization header using Bearer auth "
            "(i.e. Authorization: Bearer YOUR_KEY); in practice mode any will do."
        )
        raise ApiError(401, message, code="invalid_api_key")


def summarize(response: Json) -> str:
    """A reply in a few words: the calls it asks for, or that it answers."""
    calls = [item for item in _items(response) if item.get("type") == "function_call"]
    if calls:
        return "asks for " + " and ".join(_call(item) for item in calls)
    return "answers"


def models() -> Json:
    """What ``GET /v1/models`` lists."""
    return {"object": "list", "data": [describe_model(replies.MODEL)]}


def describe_model(name: str) -> Json:
    """One model; practice mode answers under any name, and its replies say by which model."""
    return {"id": name, "object": "model", "created": replies.EPOCH, "owned_by": "durable-agents-workshop"}


def _items(response: Json) -> list[Json]:
    output = response.get("output")
    return [item for item in output if isinstance(item, dict)] if isinstance(output, list) else []


def _call(item: Json) -> str:
    try:
        arguments = responses_api.read_json(str(item.get("arguments")).encode())
    except ApiError:
        return f"{item.get('name')}(...)"
    return f"{item.get('name')}({', '.join(f'{name}={_short(value)}' for name, value in arguments.items())})"


def _short(value: object, most: int = 40) -> str:
    text = repr(value)
    return text if len(text) <= most else text[: most - 3] + "..."


def _resolve(item: Json, scope: Scope) -> Json:
    if item.get("type") != "item_reference":
        return item
    found = scope.stored.item(item["id"])
    if found is None:
        raise ApiError(404, f"Item with id '{item['id']}' not found.", param="input")
    return found


__all__ = ["bank", "describe_model", "model", "models", "require_key", "service", "summarize"]
