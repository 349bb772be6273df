"""Practice mode's chat completions: of the model's own provider, and of the other one.

The other provider is there to be chosen instead: it speaks chat completions only, under ``/other/v1``, and takes
only its own key. Both ask the same practice model.
"""

from __future__ import annotations

from starlette.requests import Request

from workshop.gateway import keys, practice_mode
from workshop.gateway.chat_completions import chat_reply, chat_request
from workshop.gateway.errors import ApiError
from workshop.gateway.exchange import Incoming, Reply
from workshop.gateway.responses_api import fingerprint, response_object
from workshop.gateway.scopes import Scope
from workshop.practice.json_bodies import Json, dump
from workshop.settings import OTHER_KEY

OTHER_MODEL = "other-model"


async def answer(incoming: Incoming) -> Reply:
    """Answer a call to ``POST /v1/chat/completions``.

    Raises:
        ApiError: the request is wrong, or 500, the practice model failed.
    """
    keys.require(incoming.bearer)
    return await _answer(incoming, response_object.MODEL)


async def answer_as_other(incoming: Incoming) -> Reply:
    """Answer a call to ``POST /other/v1/chat/completions``.

    Raises:
        ApiError: 401, the key is not the other provider's; or as for :func:`answer`.
    """
    _require_own(incoming.bearer)
    return await _answer(incoming, OTHER_MODEL)


def _require_own(key: str | None) -> None:
    """Refuse every key but the other provider's own.

    Raises:
        ApiError: 401.
    """
    if keys.require(key) != OTHER_KEY:
        message = "Incorrect API key provided. The other provider has a key of its own: OTHER_API_KEY."
        raise ApiError(401, message, code="invalid_api_key")


def list_models(scope: Scope, request: Request, body: bytes) -> Json:
    """What ``GET /other/v1/models`` lists."""
    _require_own(keys.bearer(request))
    return {"object": "list", "data": [practice_mode.describe_model(OTHER_MODEL)]}


def refuse(scope: Scope, request: Request, body: bytes) -> Json:
    """Every other address below ``/other/v1``."""
    message = (
        f"Unknown request URL: {request.method} {request.url.path}. The other provider has chat completions "
        "only (/chat/completions, /models)."
    )
    raise ApiError(404, message, code="unknown_url")


async def _answer(incoming: Incoming, model: str) -> Reply:
    body = incoming.json or {}
    usage = chat_request.wants_usage(body)
    request = chat_request.parse(body)
    decision = await practice_mode.decide(request, request.items)
    response = response_object.build(request, request.items, decision)
    told = chat_reply.completion(response, model)
    outcome = practice_mode.outcome_of(request, request.items, response, decision)
    outcome.response = dump(told)
    # What two providers were asked, each was asked once.
    outcome.fingerprint = fingerprint.of(
        {**request.body, "model": f"{model} as {body['model']}"}, request.items
    )
    headers = practice_mode.headers_of(request, response, decision)
    if request.stream:
        headers |= {"content-type": "text/event-stream; charset=utf-8", "cache-control": "no-cache"}
        return Reply(200, headers, chat_reply.stream(told, usage=usage), outcome)
    return Reply(200, headers | {"content-type": "application/json"}, dump(told), outcome)


__all__ = ["OTHER_MODEL", "answer", "answer_as_other", "list_models", "refuse"]
