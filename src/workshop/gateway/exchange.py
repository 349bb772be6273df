"""One call of an agent from arrival to end: the fault that hits it, its reply, what the meter says of it."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field

from starlette.requests import ClientDisconnect, Request
from starlette.types import Receive, Send
from starlette.types import Scope as AsgiScope

from workshop.gateway import keys
from workshop.gateway.bodies import read_body, read_json
from workshop.gateway.connection import CallerGone, Connection, connection_of
from workshop.gateway.errors import MODEL_ROUTES, ApiError, Route, bad_request, service_error
from workshop.gateway.faults import Fault
from workshop.gateway.meter import Outcome, Status
from workshop.gateway.scopes import Scope
from workshop.practice.json_bodies import Json, dump
from workshop.settings import RUN_HEADER

LONGEST_TOLD = 1_000  # bytes of a bank request's body that the transcript keeps

log = logging.getLogger("workshop.gateway")


@dataclass(slots=True)
class Incoming:
    """A call as its handler sees it.

    Attributes:
        request: The HTTP request; its body has been read.
        body: The body, as it was sent.
        scope: The scope it belongs to.
        problem: What is wrong with the body, to be raised once a reply is due.
        json: The body's JSON object, if it is one.
    """

    request: Request
    body: bytes
    scope: Scope
    problem: ApiError | None = None
    json: Json | None = None

    @property
    def connection(self) -> Connection:
        """The caller's connection."""
        return connection_of(self.request.scope)

    @property
    def bearer(self) -> str | None:
        """The key the caller presents, or None."""
        return keys.bearer(self.request)


@dataclass(slots=True)
class Reply:
    """A reply, ready to be sent.

    Attributes:
        status: HTTP status.
        headers: Reply headers, names in lower case.
        body: The whole body; or its pieces, known beforehand; or its pieces as they come.
        outcome: What the meter will say; a live stream completes it while it passes.
        keep: Run just before the last bytes go out.
        close: Run when the reply is over, however it ended.
    """

    status: int
    headers: dict[str, str]
    body: bytes | list[bytes] | AsyncIterator[bytes]
    outcome: Outcome = field(default_factory=Outcome)
    keep: Callable[[], None] | None = None
    close: Callable[[], Awaitable[None]] | None = None


class UpstreamCut(Exception):
    """The real service ended its reply in the middle."""


Handler = Callable[[Incoming], Awaitable[Reply]]


class Exchange:
    """An ASGI application that takes one metered call to its end."""

    def __init__(self, scope: Scope, route: Route, handler: Handler) -> None:
        self._scope = scope
        self._route = route
        self._handler = handler

    async def __call__(self, asgi_scope: AsgiScope, receive: Receive, send: Send) -> None:
        """Take the call."""
        try:
            incoming = await self._read(Request(asgi_scope, receive))
        except ClientDisconnect:
            return  # The call never arrived whole.
        meter = self._scope.meter
        run = incoming.request.headers.get(RUN_HEADER, "")
        call = meter.arrive(self._route, self._told(incoming), run)
        fault = self._scope.faults.hit(self._route)
        call.fault = fault.spec.kind if fault else None
        sender = _Sender(incoming.connection, send)
        outcome = Outcome(summary="no reply")
        status: Status = "failed"
        try:
            reply = await self._reply(incoming, fault)
            if reply is None:
                await incoming.connection.close()
                return
            if fault is not None and fault.spec.when == "after":
                if reply.keep is not None:
                    # It has happened: a provider remembers it, whether or not the caller hears of it.
                    reply.keep()
                    reply.keep = None
                await _hold_back(reply, incoming.connection, fault)
            outcome = reply.outcome
            pace = self._scope.faults.pace(self._route) if isinstance(reply.body, list) else None
            delivered = await sender.send(
                reply, cut=fault is not None and fault.spec.kind == "cut", pace=pace
            )
            if not delivered:
                status = "cut"
                outcome = Outcome(summary="reply cut off")
            elif reply.status < 400 and call.fault != "garbage":
                status = "completed"
        except CallerGone:
            status = "cut" if sender.began else "failed"
            outcome = Outcome(summary="the caller left before the reply was whole")
        finally:
            meter.finish(call, status, sender.status, outcome)

    async def _reply(self, incoming: Incoming, fault: Fault | None) -> Reply | None:
        if fault is not None:
            if fault.spec.kind == "refuse":
                return None
            if fault.spec.kind == "forget":
                self._scope.forget_stored()
            if fault.spec.kind == "delay" and fault.spec.when == "before":
                with incoming.connection.watched():
                    await fault.hold()
            instead = fault.error_reply(self._route)
            if instead is not None:
                return _failed(*instead)
        try:
            if incoming.problem is not None:
                raise incoming.problem
            return await self._handler(incoming)
        except ApiError as error:
            if self._route == "bank":
                return _failed(error.status, *service_error(self._route, error.status, error.message))
            return _failed(error.status, {"content-type": "application/json", **error.headers}, error.body())
        except RecursionError:
            too_deep = bad_request("The request is nested too deeply.")
            return _failed(400, {"content-type": "application/json"}, too_deep.body())
        except CallerGone:
            raise
        except Exception:
            log.exception("A call to %s failed in the gateway itself", self._route)
            message = "The gateway failed; its log says why."
            return _failed(500, *service_error(self._route, 500, message))

    async def _read(self, request: Request) -> Incoming:
        try:
            incoming = Incoming(request, await read_body(request), self._scope)
        except ApiError as error:
            return Incoming(request, b"", self._scope, problem=error)
        if self._route in MODEL_ROUTES:
            try:
                incoming.json = read_json(incoming.body)
            except ApiError as error:
                incoming.problem = error
        return incoming

    def _told(self, incoming: Incoming) -> bytes | None:
        if self._route in MODEL_ROUTES:
            return incoming.body if incoming.json is not None else None
        request = incoming.request
        told = {"method": request.method, "path": request.url.path, "query": request.url.query}
        if self._route == "bank":
            told["body"] = incoming.body[:LONGEST_TOLD].decode("utf-8", "replace")
            told["idempotency_key"] = request.headers.get("idempotency-key", "")
        return dump(told)


class _Sender:
    def __init__(self, connection: Connection, send: Send) -> None:
        self._connection = connection
        self._send = send
        self._pace: Fault | None = None
        self.status: int | None = None

    @property
    def began(self) -> bool:
        return self.status is not None

    async def send(self, reply: Reply, *, cut: bool, pace: Fault | None) -> bool:
        """Send a reply, or only the start of it, at once or delta by delta; whether the caller got it whole."""
        self._pace = pace
        try:
            if isinstance(reply.body, bytes):
                return await self._send_pieces(reply, [reply.body], cut, len(reply.body))
            if isinstance(reply.body, list):
                return await self._send_pieces(reply, reply.body, cut, None)
            return await self._pass_on(reply, reply.body, cut)
        finally:
            if reply.close is not None:
                await reply.close()

    async def _start(self, reply: Reply, length: int | None) -> None:
        if not self._connection.open:
            raise CallerGone
        headers = [
            (name.encode(), value.encode("latin-1", "replace")) for name, value in reply.headers.items()
        ]
        if length is not None:
            headers.append((b"content-length", str(length).encode()))
        self.status = reply.status
        await self._send({"type": "http.response.start", "status": reply.status, "headers": headers})

    async def _piece(self, piece: bytes, *, last: bool = False) -> None:
        if self._pace is not None and _is_delta(piece):
            with self._connection.watched():
                await self._pace.hold()
        # `send` drops what it is given once the caller has gone; it does not say so.
        await self._connection.flushed()
        if not self._connection.open:
            raise CallerGone
        await self._send({"type": "http.response.body", "body": piece, "more_body": not last})

    async def _send_pieces(self, reply: Reply, pieces: list[bytes], cut: bool, length: int | None) -> bool:
        await self._start(reply, length)
        if cut:
            # Some of it, never all: half the events, or half of a body that is one piece.
            part = pieces[: len(pieces) // 2] or [pieces[0][: len(pieces[0]) // 2]]
            for piece in part:
                await self._piece(piece)
            await self._connection.close()
            return False
        for piece in pieces[:-1]:
            await self._piece(piece)
        return await self._finish(reply, pieces[-1])

    async def _pass_on(self, reply: Reply, pieces: AsyncIterator[bytes], cut: bool) -> bool:
        await self._start(reply, None)
        try:
            while True:
                with self._connection.watched():
                    piece = await anext(pieces, None)
                if piece is None:
                    return await self._finish(reply, b"")
                if cut:
                    await self._piece(piece[: max(1, len(piece) // 2)])
                    break
                await self._piece(piece)
        except UpstreamCut:
            pass
        await self._connection.close()
        return False

    async def _finish(self, reply: Reply, piece: bytes) -> bool:
        await self._connection.flushed()
        if not self._connection.open:
            raise CallerGone
        if reply.keep is not None:
            reply.keep()
        await self._piece(piece, last=True)
        return await self._connection.delivered()


def _is_delta(event: bytes) -> bool:
    # Events without a name are those of chat completions, all of them deltas.
    return event.startswith(b"data: {") or event.partition(b"\n")[0].endswith(b".delta")


async def _hold_back(reply: Reply, connection: Connection, fault: Fault) -> None:
    # What the call asked for has happened; if the caller leaves now, it will never know.
    try:
        with connection.watched():
            await fault.hold()
    except BaseException:
        if reply.close is not None:
            await reply.close()
        raise


def _failed(status: int, headers: dict[str, str], body: bytes) -> Reply:
    summary = f"error {status}" if status >= 400 else "unreadable reply"
    return Reply(status, headers, body, Outcome(summary=summary, response=body))


__all__ = ["Exchange", "Handler", "Incoming", "Reply", "UpstreamCut"]
