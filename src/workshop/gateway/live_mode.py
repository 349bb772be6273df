"""Live mode: forwards calls to the real services, unbuffered, and reads in the replies what the meter needs.

The caller's own key is replaced by the real one if it is the gateway's token. Keys are never kept or logged:
they exist here only in the headers of the request that is being forwarded. A reply that quotes one is passed
back without it (see :mod:`workshop.gateway.redact`).
"""

from __future__ import annotations

import json
import logging
from collections.abc import AsyncIterator, Callable
from typing import Any
from urllib.parse import urlsplit

import httpx2

from workshop.gateway import keys
from workshop.gateway.errors import ApiError, Route, service_error
from workshop.gateway.exchange import Incoming, Reply, UpstreamCut
from workshop.gateway.meter import Outcome
from workshop.gateway.redact import Redactor
from workshop.gateway.responses_api import fingerprint, response_object
from workshop.gateway.responses_api.final_response import FinalResponse
from workshop.gateway.upstream import UNREACHABLE, Upstream
from workshop.practice.json_bodies import Json
from workshop.settings import RUN_HEADER, Settings

log = logging.getLogger("workshop.gateway")

# Headers that concern one connection only (RFC 9110, 7.6.1), and those that are set anew here.
_HOP_BY_HOP = {
    "connection",
    "keep-alive",
    "proxy-authenticate",
    "proxy-authorization",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
}
_NOT_FORWARDED = _HOP_BY_HOP | {
    "host",
    "content-length",
    "accept-encoding",
    "authorization",
    "cookie",
    RUN_HEADER,
}
_NOT_PASSED_BACK = _HOP_BY_HOP | {"content-length", "set-cookie", "date", "server"}
_UNPACKED = ("gzip", "deflate")


class LiveMode:
    """The way to the real services."""

    def __init__(self, settings: Settings, token: str) -> None:
        self._settings = settings
        self._token = token
        self._bases: dict[Route, str] = {
            "model": settings.openai_base_url,
            "weather": settings.upstream_weather_url,
            "ip": settings.upstream_ip_url,
            "geo": settings.upstream_geo_url,
        }
        self._upstream = Upstream()

    async def close(self) -> None:
        """Close the connections to the services."""
        await self._upstream.close()

    async def answer_model(self, incoming: Incoming, path: str) -> Reply:
        """Forward a model call; ``path`` is what follows ``/v1`` in the address.

        Raises:
            ApiError: 401, there is no key.
            CallerGone: the caller left while the model was thinking; the call to the model has been dropped.
        """
        body = incoming.json or {}
        conversation, known = _conversation(incoming, body)
        outcome = Outcome(fingerprint=fingerprint.of(body, conversation))

        def learn(response: Json) -> None:
            _read_response(response, outcome)
            if response.get("status") == "completed" and isinstance(response.get("id"), str) and known:
                previous = body.get("previous_response_id")
                brought = [item for item in fingerprint.items_of(body.get("input")) if isinstance(item, dict)]
                incoming.scope.stored.put(brought, response, previous if isinstance(previous, str) else None)

        reply = await self.forward(incoming, "model", path, self._key(incoming.bearer))
        reply.outcome = outcome
        if isinstance(reply.body, bytes):
            _learn_from_body(reply, reply.body, learn)
        elif not isinstance(reply.body, list):
            reply.body = _listen(reply.body, FinalResponse(), learn)
        return reply

    async def answer_other(self, incoming: Incoming, path: str) -> Reply:
        """Forward any other call to OpenAI, such as ``GET /v1/models``.

        Raises:
            ApiError: 401, there is no key.
        """
        return await self.forward(incoming, "model", path, self._key(incoming.bearer))

    async def forward(self, incoming: Incoming, route: Route, path: str, key: str | None = None) -> Reply:
        """Forward a call as it is, and its reply back, in which the key does not appear.

        Args:
            incoming: The call.
            route: Where it goes.
            path: What follows the service's name in the address, as it was sent.
            key: What to present there, if anything.
        """
        request = incoming.request
        query = request.scope["query_string"].decode("latin-1")
        address = self._bases[route].rstrip("/") + path + (f"?{query}" if query else "")
        headers = {name: value for name, value in request.headers.items() if name not in _NOT_FORWARDED}
        # A compressed stream could not be read for the meter without holding it back.
        headers["accept-encoding"] = "identity"
        if key is not None:
            headers["authorization"] = f"Bearer {key}"
        try:
            with incoming.connection.watched():
                response = await self._upstream.send(request.method, address, headers, incoming.body)
        except UNREACHABLE as error:
            return self._unreachable(route, error)
        return await self._reply(incoming, route, response, Redactor(key or ""))

    async def _reply(
        self, incoming: Incoming, route: Route, response: httpx2.Response, redactor: Redactor
    ) -> Reply:
        headers = {
            name: redactor.hide_in_header(value)
            for name, value in response.headers.items()
            if name not in _NOT_PASSED_BACK
        }
        packed = headers.get("content-encoding", "").lower() in _UNPACKED
        if packed:
            # Although it was asked not to be: neither the meter nor the redactor could read it.
            del headers["content-encoding"]
        if response.headers.get("content-type", "").startswith("text/event-stream"):
            pieces = redactor.pass_on(_pieces(response, packed))
            return Reply(response.status_code, headers, pieces, close=response.aclose)
        try:
            with incoming.connection.watched():
                body = redactor.hide(b"".join([piece async for piece in _bytes(response, packed)]))
        except UNREACHABLE as error:
            return self._unreachable(route, error)
        finally:
            await response.aclose()
        summary = f"{incoming.request.method} {incoming.request.url.path}"
        if response.status_code >= 400:
            summary = f"error {response.status_code}"
        return Reply(response.status_code, headers, body, Outcome(summary=summary, response=body))

    def _key(self, presented: str | None) -> str:
        key = keys.require(presented)
        if not keys.is_token(key, self._token):
            return key
        if self._settings.openai_api_key is None:
            message = (
                "There is no OPENAI_API_KEY: put one into .env and start the lab again, or use practice mode."
            )
            raise ApiError(401, message, code="invalid_api_key")
        return self._settings.openai_api_key.get_secret_value()

    def _unreachable(self, route: Route, error: Exception) -> Reply:
        # Only the host: an address may hold a password.
        host = urlsplit(self._bases[route]).hostname or "its address"
        log.warning("%s could not be reached at %s: %s", route, host, type(error).__name__)
        message = f"The gateway could not reach {host}: {type(error).__name__}."
        headers, body = service_error(route, 502, message)
        return Reply(502, headers, body, Outcome(summary="error 502", response=body))


def _bytes(response: httpx2.Response, packed: bool) -> AsyncIterator[bytes]:
    return response.aiter_bytes() if packed else response.aiter_raw()


async def _pieces(response: httpx2.Response, packed: bool) -> AsyncIterator[bytes]:
    try:
        async for piece in _bytes(response, packed):
            yield piece
    except UNREACHABLE as error:
        log.warning("A reply was cut off by the model's server: %s", type(error).__name__)
        raise UpstreamCut from error


async def _listen(
    pieces: AsyncIterator[bytes], final: FinalResponse, learn: Callable[[Json], None]
) -> AsyncIterator[bytes]:
    async for piece in pieces:
        response = final.feed(piece)
        if response is not None:
            learn(response)
        yield piece


def _learn_from_body(reply: Reply, body: bytes, learn: Callable[[Json], None]) -> None:
    try:
        response = json.loads(body)
    except (ValueError, RecursionError):
        response = None
    reply.outcome.response = body
    if reply.status >= 400:
        reply.outcome.summary = f"error {reply.status}"
    elif isinstance(response, dict):
        learn(response)
    else:
        reply.outcome.summary = "unreadable reply"


def _conversation(incoming: Incoming, body: Json) -> tuple[list[Any], bool]:
    """What the model reads, and whether the previous response passed through here, so that it is known."""
    previous = body.get("previous_response_id")
    items = fingerprint.items_of(body.get("input") or body.get("messages"))
    if body.get("conversation") is not None:
        return [{"conversation": body["conversation"]}, *items], False
    if not isinstance(previous, str):
        return items, True
    try:
        return [*incoming.scope.stored.conversation(previous), *items], True
    except ApiError:
        return [{"previous_response_id": previous}, *items], False


def _read_response(response: Json, outcome: Outcome) -> None:
    usage = response.get("usage")
    if isinstance(usage, dict):
        # The second names are those of chat completions.
        outcome.input_tokens = _whole(usage.get("input_tokens", usage.get("prompt_tokens")))
        outcome.output_tokens = _whole(usage.get("output_tokens", usage.get("completion_tokens")))
    outcome.summary = response_object.summarize(response)
    if outcome.response is None:
        outcome.response = json.dumps(response).encode()


def _whole(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


__all__ = ["LiveMode"]
