"""Faults: what is broken on purpose, on which route, and for how long.

A fault is set on one scope. It hits the calls that match its route, in order, until its number of calls or
its seconds are used up, or until it is cleared. Where several match, the one set first hits; a ``pace`` is no
failure and does not stand in another's way.
"""

from __future__ import annotations

import asyncio
import contextlib
import math
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from workshop.gateway.errors import ApiError, Route, service_error

Kind = Literal["refuse", "cut", "rate_limit", "server_error", "status", "delay", "garbage", "forget", "pace"]

MOST_PER_SCOPE = 100
DEFAULT_RETRY_AFTER = 1.0  # seconds
DEFAULT_PACE = 0.15  # seconds between two deltas; a fast reader's words
GARBAGE = b'{"id": "resp_\x00 <html><body>502 Bad Gat'  # neither JSON nor HTML, as a broken proxy sends it


class FaultSpec(BaseModel):
    """What a fault does. ``seconds``, ``retry_after`` and ``delay`` are in seconds.

    Attributes:
        route: The route whose calls it hits.
        kind: ``refuse``: the connection closes without a reply. ``cut``: the reply begins, then the
            connection closes. ``rate_limit``: 429 with ``retry-after``. ``server_error``: 500. ``status``: an
            error with ``status``. ``delay``: the call is held. ``garbage``: 200 with an unreadable body.
            ``forget``: stored responses and conversations are lost before the call is answered. ``pace``: the
            deltas of a reply that practice mode streams go out one by one; other replies are not hit.
        calls: How many calls it hits; None for any number.
        seconds: How long it stays, from when it is set; None until it is cleared.
        after: Matching calls it lets through first.
        retry_after: What ``rate_limit`` tells the caller to wait; 1 if not given.
        delay: How long ``delay`` holds a call; None until the fault ends. Of ``pace``: the time before each
            delta, 0.15 if not given.
        status: What ``status`` answers with, 400 to 599.
        when: Whether ``delay`` holds the call before it takes effect, or its reply after it has.
    """

    model_config = ConfigDict(extra="forbid", strict=True)

    route: Literal["model", "other", "weather", "ip", "geo", "bank", "library", "any"]
    kind: Kind
    calls: int | None = Field(default=None, ge=1)
    seconds: float | None = Field(default=None, gt=0, le=86_400)
    after: int = Field(default=0, ge=0)
    retry_after: float | None = Field(default=None, ge=0, le=86_400)
    delay: float | None = Field(default=None, ge=0, le=86_400)
    status: int | None = Field(default=None, ge=400, le=599)
    when: Literal["before", "after"] = "before"


class Fault:
    """One fault that was set: its spec, how often it hit, and whether it still can."""

    def __init__(self, key: str, spec: FaultSpec) -> None:
        self.key = key
        self.spec = spec
        self.hits = 0
        self._passed = 0
        self._cleared = False
        self._ended = asyncio.Event()
        self._changed = asyncio.Event()
        self._timer: asyncio.TimerHandle | None = None
        if spec.seconds is not None:
            self._timer = asyncio.get_running_loop().call_later(spec.seconds, self.end)

    @property
    def active(self) -> bool:
        """Whether it can still hit a call."""
        used_up = self.spec.calls is not None and self.hits >= self.spec.calls
        return not (used_up or self._ended.is_set())

    def takes(self, route: Route) -> bool:
        """Whether it hits this call; counts it, either as a hit or as one that was let through."""
        if not self.active or self.spec.route not in (route, "any"):
            return False
        if self._passed < self.spec.after:
            self._passed += 1
            return False
        self.hits += 1
        self._tell()
        return True

    def end(self) -> None:
        """Stop it, and let go of the calls it holds."""
        if self._timer is not None:
            self._timer.cancel()
        self._ended.set()
        self._tell()

    def clear(self) -> None:
        """Stop it for good; whoever waits for its hits need wait no longer."""
        self._cleared = True
        self.end()

    async def hold(self) -> None:
        """Wait as long as a ``delay`` holds a call, or a ``pace`` a delta."""
        wait = self.spec.delay
        if self.spec.kind == "pace" and wait is None:
            wait = DEFAULT_PACE
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._ended.wait(), wait)

    async def wait_for_hits(self, hits: int, timeout: float) -> None:
        """Wait until it has hit ``hits`` calls, is cleared, or ``timeout`` seconds have passed."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(timeout):
                while self.hits < hits and not self._cleared:
                    await self._changed.wait()

    def error_reply(self, route: Route) -> tuple[int, dict[str, str], bytes] | None:
        """Status, headers and body of the reply it puts in place of the real one; None if it puts none."""
        kind = self.spec.kind
        if kind == "garbage":
            return 200, {"content-type": "application/json"}, GARBAGE
        if kind == "rate_limit":
            wait = DEFAULT_RETRY_AFTER if self.spec.retry_after is None else self.spec.retry_after
            message = f"Rate limit reached (a fault set in this workshop). Please try again in {wait:g}s."
            return 429, *service_error(route, 429, message, _retry_headers(wait))
        if kind in ("server_error", "status"):
            status = (self.spec.status or 500) if kind == "status" else 500
            message = f"The server answered {status} (a fault set in this workshop)."
            return status, *service_error(route, status, message)
        return None

    def describe(self) -> dict[str, Any]:
        """What the control routes tell of it."""
        return {"id": self.key, **self.spec.model_dump(), "hits": self.hits, "active": self.active}

    def _tell(self) -> None:
        # Whoever waits now is woken; whoever comes later waits for the next change.
        changed, self._changed = self._changed, asyncio.Event()
        changed.set()


class Faults:
    """The faults of one scope."""

    def __init__(self) -> None:
        self._set: dict[str, Fault] = {}
        self._made = 0

    def add(self, body: dict[str, Any]) -> Fault:
        """Set a fault.

        Raises:
            ApiError: 400, the spec says something impossible, or there are too many.
        """
        try:
            spec = FaultSpec.model_validate(body)
        except ValidationError as error:
            first = error.errors()[0]
            param = ".".join(str(part) for part in first["loc"]) or None
            raise ApiError(
                400, f"Invalid fault: {param}: {first['msg']}", param=param, code="invalid_value"
            ) from None
        if spec.kind == "status" and spec.status is None:
            raise ApiError(
                400, "Invalid fault: kind 'status' needs a 'status'.", param="status", code="invalid_value"
            )
        if spec.kind != "delay" and spec.when == "after":
            raise ApiError(
                400, "Invalid fault: only 'delay' knows 'when'.", param="when", code="invalid_value"
            )
        if len(self._set) >= MOST_PER_SCOPE:
            raise ApiError(400, f"There are already {MOST_PER_SCOPE} faults here; clear some first.")
        self._made += 1
        fault = Fault(f"f{self._made}", spec)
        self._set[fault.key] = fault
        return fault

    def hit(self, route: Route) -> Fault | None:
        """The fault that hits this call, if any."""
        return self._first(route, pace=False)

    def pace(self, route: Route) -> Fault | None:
        """The fault that sets the pace of a streamed reply on this route, if any."""
        return self._first(route, pace=True)

    def get(self, key: str) -> Fault:
        """The fault with this id.

        Raises:
            ApiError: 404, there is none.
        """
        if key not in self._set:
            raise ApiError(404, f"Fault with id '{key}' not found.")
        return self._set[key]

    def clear(self, key: str) -> Fault:
        """Clear one fault and let go of the calls it holds.

        Raises:
            ApiError: 404, there is none.
        """
        fault = self.get(key)
        del self._set[key]
        fault.clear()
        return fault

    def clear_all(self) -> None:
        """Clear every fault."""
        for key in list(self._set):
            self.clear(key)

    def all(self) -> list[Fault]:
        """Every fault that is set or was used up, in the order in which they were set."""
        return list(self._set.values())

    def _first(self, route: Route, *, pace: bool) -> Fault | None:
        among = (fault for fault in self._set.values() if (fault.spec.kind == "pace") is pace)
        return next((fault for fault in among if fault.takes(route)), None)


def _retry_headers(seconds: float) -> dict[str, str]:
    # HTTP's header takes whole seconds; OpenAI's clients also read milliseconds, and prefer them.
    headers = {"retry-after": str(math.ceil(seconds))}
    if seconds != int(seconds):
        headers["retry-after-ms"] = str(round(seconds * 1000))
    return headers


__all__ = ["Fault", "FaultSpec", "Faults"]
