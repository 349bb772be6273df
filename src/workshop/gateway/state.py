"""The gateway's application: which address leads where."""

from __future__ import annotations

import logging
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from importlib import metadata

from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import BaseRoute, Mount, Route
from starlette.types import ASGIApp, Receive, Send
from starlette.types import Scope as AsgiScope

from workshop.gateway import control, practice_mode, stream_events
from workshop.practice import bank as practice_bank
from workshop.gateway.connection import CallerGone
from workshop.gateway.errors import ApiError, dump
from workshop.gateway.exchange import Exchange, Incoming, Reply, bearer, read_body
from workshop.gateway.live import Live
from workshop.practice.weather import Service
from workshop.gateway.responses_api import Json, read_json
from workshop.gateway.scopes import DEFAULT, Mode, Scope, Scopes
from workshop.settings import Settings

HOSTS = ("127.0.0.1", "localhost")
SERVICE = "durable-agents-workshop"

log = logging.getLogger("workshop.gateway")
Endpoint = Callable[[Request], Awaitable[Response]]


class Gateway:
    """What the routes share: the settings, the token, the scopes and the way to the real services."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.token = settings.gateway_token()
        self.scopes = Scopes()
        self.live = Live(settings, self.token)

    def scope(self, request: Request) -> Scope:
        """The scope in the request's address.

        Raises:
            ApiError: 400, the address names none that could be.
        """
        return self.scopes.get(request.path_params.get("scope", DEFAULT))

    def mode(self, scope: Scope) -> Mode:
        """How calls in ``scope`` are answered."""
        return scope.mode or self.settings.mode


def create_app(settings: Settings) -> Starlette:
    """The application. Serve it with :mod:`workshop.gateway.server`, which knows the callers' connections."""
    gateway = Gateway(settings)

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        yield
        await gateway.live.close()

    routes = _routes(gateway)
    forget = Route("/s/{scope}", control.endpoint(gateway, control.delete_scope), methods=["DELETE"])
    app = Starlette(
        routes=[Route("/health", _health(gateway)), forget, Mount("/s/{scope}", routes=routes), *routes],
        middleware=[Middleware(_LoopbackOnly)],
        exception_handlers={
            ApiError: _api_error,
            HTTPException: _http_error,
            CallerGone: _caller_gone,
            RecursionError: _too_deep,
            Exception: _own_error,
        },
        lifespan=lifespan,
    )
    app.router.redirect_slashes = False
    return app


def _routes(gateway: Gateway) -> list[BaseRoute]:
    controls: list[BaseRoute] = [
        Route(f"/control{path}", control.endpoint(gateway, answer), methods=[method])
        for method, path, answer in control.ROUTES
    ]
    return [
        Route("/v1/responses", _model(gateway), methods=["POST"]),
        Route("/v1/responses/{key}", _or_live(gateway, _get_response), methods=["GET"]),
        Route("/v1/responses/{key}", _or_live(gateway, _delete_response), methods=["DELETE"]),
        Route("/v1/responses/{key}/input_items", _or_live(gateway, _input_items), methods=["GET"]),
        Route("/v1/models", _or_live(gateway, _models), methods=["GET"]),
        Route("/v1/models/{key:path}", _or_live(gateway, _get_model), methods=["GET"]),
        Route("/v1/traces/ingest", _ingest(gateway), methods=["POST"]),
        Route("/v1/chat/completions", _chat(gateway), methods=["POST"]),
        Route(
            "/v1/{rest:path}", _or_live(gateway, _unknown), methods=["GET", "POST", "PUT", "PATCH", "DELETE"]
        ),
        Route("/weather/{rest:path}", _service(gateway, "weather"), methods=["GET"]),
        Route("/ip", _service(gateway, "ip"), methods=["GET"]),
        Route("/ip/", _service(gateway, "ip"), methods=["GET"]),
        Route("/geo/{rest:path}", _service(gateway, "geo"), methods=["GET"]),
        Route("/library/{rest:path}", _library(gateway), methods=["GET"]),
        Route(
            "/bank/{rest:path}", _bank(gateway), methods=["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
        ),
        *controls,
    ]


def _model(gateway: Gateway) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        scope = gateway.scope(request)

        async def handle(incoming: Incoming) -> Reply:
            if gateway.mode(scope) == "live":
                return await gateway.live.model(incoming, _rest(request, "/v1"))
            return await practice_mode.model(incoming)

        return _as_response(Exchange(scope, "model", handle))

    return endpoint


def _chat(gateway: Gateway) -> Endpoint:
    """Live mode passes chat completions on and meters them; practice mode speaks the Responses API only."""
    model, other = _model(gateway), _or_live(gateway, _unknown)

    async def endpoint(request: Request) -> Response:
        live = gateway.mode(gateway.scope(request)) == "live"
        return await (model if live else other)(request)

    return endpoint


def _service(gateway: Gateway, name: Service) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        scope = gateway.scope(request)

        async def handle(incoming: Incoming) -> Reply:
            if gateway.mode(scope) == "live":
                return await gateway.live.pass_on(incoming, name, _rest(request, f"/{name}"))
            return await practice_mode.service(incoming, name, f"/{request.path_params.get('rest', '')}")

        return _as_response(Exchange(scope, name, handle))

    return endpoint


def _library(gateway: Gateway) -> Endpoint:
    """The library is the course's own in live mode too."""

    async def endpoint(request: Request) -> Response:
        async def handle(incoming: Incoming) -> Reply:
            return await practice_mode.service(incoming, "library", f"/{request.path_params['rest']}")

        return _as_response(Exchange(gateway.scope(request), "library", handle))

    return endpoint


def _bank(gateway: Gateway) -> Endpoint:
    """The bank is part of the practice world in live mode too; only what moves money is metered."""

    async def endpoint(request: Request) -> Response:
        scope = gateway.scope(request)
        path = _rest(request, "/bank")

        async def handle(incoming: Incoming) -> Reply:
            return await practice_mode.bank(incoming, path)

        if practice_bank.moves_money(request.method, path):
            return _as_response(Exchange(scope, "bank", handle))
        return await _passed_on(await handle(Incoming(request, await read_body(request), scope)))

    return endpoint


def _or_live(gateway: Gateway, answer: Callable[[Scope, Request], Json | list[bytes]]) -> Endpoint:
    """An unmetered route below ``/v1``: ``answer`` in practice mode, passed on in live mode."""

    async def endpoint(request: Request) -> Response:
        scope = gateway.scope(request)
        if gateway.mode(scope) == "live":
            incoming = Incoming(request, await read_body(request), scope)
            return await _passed_on(await gateway.live.other(incoming, _rest(request, "/v1")))
        practice_mode.require_key(bearer(request))
        told = answer(scope, request)
        if isinstance(told, list):
            return Response(b"".join(told), media_type="text/event-stream")
        return _json(told)

    return endpoint


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


def _get_response(scope: Scope, request: Request) -> Json | list[bytes]:
    response = scope.stored.get(request.path_params["key"])
    if request.query_params.get("stream") != "true":
        return response
    after = request.query_params.get("starting_after", "-1")
    return stream_events.encode(response)[int(after) + 1 if after.isdigit() else 0 :]


def _delete_response(scope: Scope, request: Request) -> Json:
    key = request.path_params["key"]
    scope.stored.delete(key)
    return {"id": key, "object": "response", "deleted": True}


def _input_items(scope: Scope, request: Request) -> Json:
    items = scope.stored.input_items(request.path_params["key"])
    query = request.query_params
    if query.get("order", "desc") == "desc":
        items.reverse()
    after = query.get("after")
    if after is not None:
        ids = [item["id"] for item in items]
        items = items[ids.index(after) + 1 :] if after in ids else []
    limit = query.get("limit", "20")
    most = min(int(limit), 100) if limit.isdigit() and int(limit) > 0 else 20
    page = items[:most]
    return {
        "object": "list",
        "data": page,
        "first_id": page[0]["id"] if page else "",
        "last_id": page[-1]["id"] if page else "",
        "has_more": len(items) > most,
    }


def _models(scope: Scope, request: Request) -> Json:
    return practice_mode.models()


def _get_model(scope: Scope, request: Request) -> Json:
    return practice_mode.describe_model(request.path_params["key"])


def _unknown(scope: Scope, request: Request) -> Json:
    where = f"{request.method} {request.url.path}"
    message = f"Unknown request URL: {where}. Practice mode speaks the Responses API (/v1/responses)."
    raise ApiError(404, message, code="unknown_url")


def _ingest(gateway: Gateway) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        practice_mode.require_key(bearer(request))
        gateway.scope(request).traces.ingest(read_json(await read_body(request)))
        return Response(status_code=204)

    return endpoint


def _health(gateway: Gateway) -> Endpoint:
    version = metadata.version("durable-agents-workshop")

    async def endpoint(request: Request) -> Response:
        told = {
            "ok": True,
            "service": SERVICE,
            "mode": gateway.settings.mode,
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


class _LoopbackOnly:
    """Refuses a Host that is not this machine: no web page can reach the gateway under a name of its own."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: AsgiScope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            host = Headers(scope=scope).get("host", "")
            if (host.rpartition(":")[0] or host) not in HOSTS:
                await _respond(ApiError(400, "Invalid Host header.", code="invalid_host"))(
                    scope, receive, send
                )
                return
        await self._app(scope, receive, send)


def _respond(error: ApiError) -> Response:
    return Response(error.body(), error.status, error.headers, media_type="application/json")


async def _api_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, ApiError)  # noqa: S101 - narrows the type
    return _respond(error)


async def _http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - narrows the type
    where = f"{request.method} {request.url.path}"
    if error.status_code == 405:
        return _respond(
            ApiError(
                405, f"Not allowed: {where}.", code="method_not_supported", headers=dict(error.headers or {})
            )
        )
    message = f"Unknown request URL: {where}." if error.status_code == 404 else error.detail
    return _respond(
        ApiError(error.status_code, message, code="unknown_url" if error.status_code == 404 else None)
    )


async def _caller_gone(request: Request, error: Exception) -> Response:
    return Response(status_code=499)  # Nobody will read it.


async def _too_deep(request: Request, error: Exception) -> Response:
    return _respond(ApiError(400, "The request is nested too deeply."))


async def _own_error(request: Request, error: Exception) -> Response:
    return _respond(ApiError(500, "The gateway failed; its log says why.", kind="server_error"))


__all__ = ["Gateway", "create_app"]
