"""The routes: which address leads where, and which of them answer in live mode as in practice mode."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Awaitable, Callable
from importlib import metadata
from typing import Literal

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import BaseRoute, Mount, Route

from workshop.gateway import control, keys, practice_chat, practice_mode, spans, stored_routes
from workshop.gateway.bodies import read_body, read_json
from workshop.gateway.errors import ApiError, service_error
from workshop.gateway.exchange import Exchange, Handler, Incoming, Reply
from workshop.gateway.scopes import Scope
from workshop.gateway.state import GatewayState
from workshop.practice import bank
from workshop.practice.json_bodies import Json, dump

SERVICE = "durable-agents-workshop"

Endpoint = Callable[[Request], Awaitable[Response]]
Answer = Callable[[Scope, Request, bytes], Json | list[bytes]]

ANY = ["GET", "POST", "PUT", "PATCH", "DELETE"]


def routes(state: GatewayState) -> list[BaseRoute]:
    """Every route, without a scope (then the default one is meant) and below ``/s/<scope>``."""
    scoped = _scoped(state)
    forget = Route("/s/{scope}", control.endpoint(state, control.delete_scope), methods=["DELETE"])
    return [Route("/health", _health(state)), forget, Mount("/s/{scope}", routes=scoped), *scoped]


def _scoped(state: GatewayState) -> list[BaseRoute]:
    controls: list[BaseRoute] = [
        Route(f"/control{path}", control.endpoint(state, answer), methods=[method])
        for method, path, answer in control.ROUTES
    ]
    return [
        Route("/v1/responses", _model(state, practice_mode.answer_model), methods=["POST"]),
        Route("/v1/responses/compact", _model(state, practice_mode.compact), methods=["POST"]),
        *(
            Route(f"/v1{path}", _or_live(state, answer), methods=[method])
            for method, path, answer in stored_routes.ROUTES
        ),
        Route("/v1/models", _or_live(state, _models), methods=["GET"]),
        Route("/v1/models/{key:path}", _or_live(state, _get_model), methods=["GET"]),
        Route("/v1/traces/ingest", _ingest(state), methods=["POST"]),
        Route("/v1/traces", _spans(state), methods=["POST"]),
        Route("/v1/chat/completions", _model(state, practice_chat.answer), methods=["POST"]),
        Route("/other/v1/chat/completions", _other(state), methods=["POST"]),
        Route("/other/v1/models", _here(state, practice_chat.list_models), methods=["GET"]),
        Route("/other/v1/{rest:path}", _here(state, practice_chat.refuse), methods=ANY),
        Route("/v1/{rest:path}", _or_live(state, _unknown), methods=ANY),
        Route("/weather/{rest:path}", _service(state, "weather"), methods=["GET"]),
        Route("/ip", _service(state, "ip"), methods=["GET"]),
        Route("/ip/", _service(state, "ip"), methods=["GET"]),
        Route("/geo/{rest:path}", _service(state, "geo"), methods=["GET"]),
        Route("/library/{rest:path}", _library(state), methods=["GET"]),
        Route(
            "/bank/{rest:path}", _bank(state), methods=["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
        ),
        *controls,
    ]


def _model(state: GatewayState, answer: Handler) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        scope = state.scope(request)

        async def handle(incoming: Incoming) -> Reply:
            if state.mode(scope) == "live":
                return await state.live.answer_model(incoming, _rest(request, "/v1"))
            return await answer(incoming)

        return _as_response(Exchange(scope, "model", handle))

    return endpoint


def _other(state: GatewayState) -> Endpoint:
    """The other provider is the course's own in live mode too."""

    async def endpoint(request: Request) -> Response:
        return _as_response(Exchange(state.scope(request), "other", practice_chat.answer_as_other))

    return endpoint


def _service(state: GatewayState, name: Literal["weather", "ip", "geo"]) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        scope = state.scope(request)

        async def handle(incoming: Incoming) -> Reply:
            if state.mode(scope) == "live":
                return await state.live.forward(incoming, name, _rest(request, f"/{name}"))
            return await practice_mode.answer_service(
                incoming, name, f"/{request.path_params.get('rest', '')}"
            )

        return _as_response(Exchange(scope, name, handle))

    return endpoint


def _library(state: GatewayState) -> Endpoint:
    """The library is the course's own in live mode too."""

    async def endpoint(request: Request) -> Response:
        async def handle(incoming: Incoming) -> Reply:
            return await practice_mode.answer_service(incoming, "library", f"/{request.path_params['rest']}")

        return _as_response(Exchange(state.scope(request), "library", handle))

    return endpoint


def _bank(state: GatewayState) -> Endpoint:
    """The bank is part of the practice world in live mode too; only what moves money is metered."""

    async def endpoint(request: Request) -> Response:
        scope = state.scope(request)
        path = _rest(request, "/bank")

        async def handle(incoming: Incoming) -> Reply:
            return await practice_mode.answer_bank(incoming, path)

        if bank.moves_money(request.method, path):
            return _as_response(Exchange(scope, "bank", handle))
        try:
            incoming = Incoming(request, await read_body(request), scope)
        except ApiError as error:
            headers, told = service_error("bank", error.status, error.message)
            return Response(told, error.status, headers)
        return await _passed_on(await handle(incoming))

    return endpoint


def _or_live(state: GatewayState, answer: Answer) -> Endpoint:
    """An unmetered route below ``/v1``: ``answer`` in practice mode, passed on in live mode."""

    async def endpoint(request: Request) -> Response:
        scope = state.scope(request)
        body = await read_body(request)
        if state.mode(scope) == "live":
            incoming = Incoming(request, body, scope)
            return await _passed_on(await state.live.answer_other(incoming, _rest(request, "/v1")))
        return _told(answer, scope, request, body)

    return endpoint


def _here(state: GatewayState, answer: Answer) -> Endpoint:
    """An unmetered route that is the course's own in live mode too."""

    async def endpoint(request: Request) -> Response:
        return _told(answer, state.scope(request), request, await read_body(request))

    return endpoint


def _told(answer: Answer, scope: Scope, request: Request, body: bytes) -> Response:
    keys.require(keys.bearer(request))
    told = answer(scope, request, body)
    if isinstance(told, list):
        return Response(b"".join(told), media_type="text/event-stream")
    return _json(told)


async def _passed_on(reply: Reply) -> Response:
    if isinstance(reply.body, bytes):
        return Response(reply.body, reply.status, reply.headers)
    pieces = reply.body

    async def stream() -> AsyncIterator[bytes]:
        try:
            async for piece in pieces:  # type: ignore[union-attr]
                yield piece
        finally:
            if reply.close is not None:
                await reply.close()

    return StreamingResponse(stream(), reply.status, reply.headers)


def _models(scope: Scope, request: Request, body: bytes) -> Json:
    return practice_mode.list_models()


def _get_model(scope: Scope, request: Request, body: bytes) -> Json:
    return practice_mode.describe_model(request.path_params["key"])


def _unknown(scope: Scope, request: Request, body: bytes) -> Json:
    where = f"{request.method} {request.url.path}"
    message = (
        f"Unknown request URL: {where}. Practice mode has no '{request.path_params['rest']}': it has responses, "
        "conversations, chat/completions and models."
    )
    raise ApiError(404, message, code="unknown_url")


def _ingest(state: GatewayState) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        keys.require(keys.bearer(request))
        state.scope(request).traces.ingest(read_json(await read_body(request)))
        return Response(status_code=204)

    return endpoint


def _spans(state: GatewayState) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        kind, encoding = (request.headers.get(name, "") for name in ("content-type", "content-encoding"))
        told = state.scope(request).spans.ingest(await read_body(request), kind, encoding)
        return Response(told, media_type=spans.CONTENT_TYPE)

    return endpoint


def _health(state: GatewayState) -> Endpoint:
    version = metadata.version("durable-agents-workshop")

    async def endpoint(request: Request) -> Response:
        told = {
            "ok": True,
            "service": SERVICE,
            "mode": state.settings.mode,
            "pid": os.getpid(),
            "version": version,
        }
        return _json(told)

    return endpoint


def _rest(request: Request, prefix: str) -> str:
    """What follows ``prefix`` in the address, as the caller wrote it: what is escaped stays escaped."""
    raw: str = request.scope["raw_path"].decode("latin-1")
    start = f"/s/{request.path_params['scope']}{prefix}" if "scope" in request.path_params else prefix
    return raw[len(start) :] if raw.startswith(start) else raw.partition(prefix)[2]


def _as_response(exchange: Exchange) -> Response:
    # Starlette calls whatever an endpoint returns as an ASGI application.
    return exchange  # type: ignore[return-value]


def _json(told: Json, status: int = 200) -> Response:
    return Response(dump(told), status, media_type="application/json")


__all__ = ["SERVICE", "routes"]
