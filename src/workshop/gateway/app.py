"""The gateway's application: its routes, whom it lets in, and how it words what goes wrong."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Send
from starlette.types import Scope as AsgiScope

from workshop.gateway.connection import CallerGone
from workshop.gateway.errors import ApiError
from workshop.gateway.routes import routes
from workshop.gateway.state import GatewayState
from workshop.settings import Settings

HOSTS = ("127.0.0.1", "localhost")


def create_app(settings: Settings) -> Starlette:
    """The application. Serve it with :mod:`workshop.gateway.server`, which knows the callers' connections."""
    state = GatewayState(settings)

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        yield
        await state.live.close()

    app = Starlette(
        routes=routes(state),
        middleware=[Middleware(_Door)],
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


class _Door:
    """Refuses a Host that is not this machine, so that no web page can reach the gateway under a name of its own.

    And a WebSocket, in words: the server below would take it for a plain GET.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: AsgiScope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            problem = _problem(Headers(scope=scope))
            if problem is not None:
                await _respond(problem)(scope, receive, send)
                return
        await self._app(scope, receive, send)


def _problem(headers: Headers) -> ApiError | None:
    host = headers.get("host", "")
    if (host.rpartition(":")[0] or host) not in HOSTS:
        return ApiError(400, "Invalid Host header.", code="invalid_host")
    if headers.get("upgrade", "").lower() == "websocket":
        message = "The gateway has no WebSockets: use the Responses API over HTTP (transport 'http' in the Agents SDK)."
        return ApiError(400, message, code="unsupported_transport")
    return None


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


__all__ = ["create_app"]
