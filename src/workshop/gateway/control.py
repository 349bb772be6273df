"""The control routes: how notebooks, checks and tests read the meter and set faults. They need the token."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response

from workshop.gateway import keys
from workshop.gateway.bodies import read_body, read_json
from workshop.gateway.connection import connection_of
from workshop.gateway.errors import ApiError, bad_request
from workshop.gateway.scopes import Scope
from workshop.gateway.state import GatewayState
from workshop.practice.json_bodies import Json, dump

Control = Callable[[GatewayState, Scope, Request], Awaitable[Json]]

LONGEST_WAIT = 600.0  # seconds

log = logging.getLogger("workshop.gateway")


async def get_meter(state: GatewayState, scope: Scope, request: Request) -> Json:
    """GET meter."""
    return scope.meter.describe(scope.name, state.mode(scope))


async def delete_meter(state: GatewayState, scope: Scope, request: Request) -> Json:
    """DELETE meter: forget calls and transcript; stored responses stay."""
    scope.reset_meter()
    return scope.meter.describe(scope.name, state.mode(scope))


async def get_transcript(state: GatewayState, scope: Scope, request: Request) -> Json:
    """GET transcript."""
    return scope.meter.transcript()


async def post_fault(state: GatewayState, scope: Scope, request: Request) -> Json:
    """POST faults: set one."""
    fault = scope.faults.add(read_json(await read_body(request)))
    log.info("fault %s set on %s: %s, %s", fault.key, scope.name, fault.spec.route, fault.spec.kind)
    return fault.describe()


async def get_faults(state: GatewayState, scope: Scope, request: Request) -> Json:
    """GET faults."""
    return {"faults": [fault.describe() for fault in scope.faults.all()]}


async def get_fault(state: GatewayState, scope: Scope, request: Request) -> Json:
    """GET faults/{id}?hits=N&timeout=S: answers after N hits, when it is cleared, or after S seconds."""
    fault = scope.faults.get(request.path_params["key"])
    hits = _number(request, "hits", 0)
    timeout = min(_number(request, "timeout", 0), LONGEST_WAIT)
    if timeout > 0:
        with connection_of(request.scope).watched():
            await fault.wait_for_hits(int(hits), timeout)
    return fault.describe()


async def delete_fault(state: GatewayState, scope: Scope, request: Request) -> Json:
    """DELETE faults/{id}: clear one; answers with how often it hit."""
    fault = scope.faults.clear(request.path_params["key"])
    log.info("fault %s cleared on %s", fault.key, scope.name)
    return fault.describe()


async def delete_faults(state: GatewayState, scope: Scope, request: Request) -> Json:
    """DELETE faults: clear all."""
    faults = scope.faults.all()
    scope.faults.clear_all()
    return {"faults": [fault.describe() for fault in faults]}


async def put_mode(state: GatewayState, scope: Scope, request: Request) -> Json:
    """PUT mode: practice or live for this scope, or the gateway's default again."""
    mode = read_json(await read_body(request)).get("mode")
    if mode not in ("practice", "live", "default"):
        raise bad_request("Invalid 'mode': use 'practice', 'live' or 'default'.", "mode", "invalid_value")
    scope.mode = None if mode == "default" else mode
    return {"scope": scope.name, "mode": state.mode(scope)}


async def get_traces(state: GatewayState, scope: Scope, request: Request) -> Json:
    """GET traces, as a tree."""
    return scope.traces.tree()


async def delete_traces(state: GatewayState, scope: Scope, request: Request) -> Json:
    """DELETE traces."""
    scope.traces.clear()
    return scope.traces.tree()


async def get_spans(state: GatewayState, scope: Scope, request: Request) -> Json:
    """GET spans."""
    return scope.spans.tell()


async def delete_spans(state: GatewayState, scope: Scope, request: Request) -> Json:
    """DELETE spans."""
    scope.spans.clear()
    return scope.spans.tell()


async def delete_scope(state: GatewayState, scope: Scope, request: Request) -> Json:
    """DELETE /s/{scope}: forget the scope."""
    state.scopes.forget(scope.name)
    return {"scope": scope.name, "forgotten": True}


# Method, path below /control, what answers.
ROUTES: tuple[tuple[str, str, Control], ...] = (
    ("GET", "/meter", get_meter),
    ("DELETE", "/meter", delete_meter),
    ("GET", "/transcript", get_transcript),
    ("POST", "/faults", post_fault),
    ("GET", "/faults", get_faults),
    ("DELETE", "/faults", delete_faults),
    ("GET", "/faults/{key}", get_fault),
    ("DELETE", "/faults/{key}", delete_fault),
    ("PUT", "/mode", put_mode),
    ("GET", "/traces", get_traces),
    ("DELETE", "/traces", delete_traces),
    ("GET", "/spans", get_spans),
    ("DELETE", "/spans", delete_spans),
)


def endpoint(state: GatewayState, control: Control) -> Callable[[Request], Awaitable[Response]]:
    """The Starlette endpoint for one control route."""

    async def answer(request: Request) -> Response:
        if not keys.is_token(keys.bearer(request), state.token):
            message = "The control routes need the gateway's token (Settings.gateway_token) as bearer."
            raise ApiError(401, message, code="invalid_api_key")
        told = await control(state, state.scope(request), request)
        return Response(dump(told), 201 if request.method == "POST" else 200, media_type="application/json")

    return answer


def _number(request: Request, name: str, default: float) -> float:
    text = request.query_params.get(name)
    if text is None:
        return default
    try:
        value = float(text)
    except ValueError:
        value = -1
    if not 0 <= value < float("inf"):
        raise bad_request(f"Invalid '{name}': expected a number from 0.", name, "invalid_value")
    return value


__all__ = ["ROUTES", "delete_scope", "endpoint"]
