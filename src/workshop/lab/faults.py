"""Failures staged from a notebook, and the meter beside them."""

from __future__ import annotations

import asyncio
from typing import Literal, Self

from pydantic import ValidationError

from workshop.errors import LabError
from workshop.lab.fault_words import effect
from workshop.lab.gateway_client import (
    FaultKind,
    FaultRoute,
    FaultSpec,
    FaultState,
    GatewayClient,
    Meter,
)
from workshop.lab.waiting_line import telling


class Fault:
    """A staged failure. Use it in a ``with`` block, or end it with :meth:`clear`."""

    def __init__(self, client: GatewayClient, state: FaultState, spec: FaultSpec) -> None:
        self._client = client
        self._id = state.id
        self.spec = spec

    @property
    def id(self) -> str:
        """The gateway's name for it, within this notebook's scope."""
        return self._id

    @property
    def hits(self) -> int:
        """How many calls it has hit so far."""
        return self._client.fault(self._id).hits

    async def hit(self, times: int = 1, timeout: float = 30.0) -> None:
        """Wait until it has hit ``times`` calls, at most ``timeout`` seconds.

        Raises:
            LabTimeout: it has not.
        """
        async with telling(self._how_far):
            await self._client.wait_for_hits(self._id, times, timeout)

    async def _how_far(self) -> str:
        before = self.spec.after
        whose = f"call {before + 1:,}" if before else "a call"
        if self.spec.route != "model":
            return f"Waiting for {whose} to come."
        counts = (await asyncio.to_thread(self._client.meter)).model
        return f"Waiting for {whose} of the model; {counts.completed:,} completed so far."

    def clear(self) -> None:
        """End the failure; calls that it delays go on at once."""
        self._client.clear_fault(self._id)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.clear()

    def __repr__(self) -> str:
        return f"Fault: {effect(self.spec)}"


def fault(
    route: FaultRoute,
    kind: FaultKind,
    *,
    calls: int | None = None,
    seconds: float | None = None,
    after: int = 0,
    retry_after: float | None = None,
    delay: float | None = None,
    status: int | None = None,
    when: Literal["before", "after"] = "before",
    scope: str | None = None,
) -> Fault:
    """Make calls of this notebook and its processes fail, at the gateway.

    Args:
        route: Which calls: ``"model"``, ``"other"`` (the other provider's model), ``"weather"``, ``"ip"``,
            ``"geo"``, ``"bank"``, ``"library"`` or ``"any"``.
        kind: ``"refuse"`` (the connection closes without a reply), ``"cut"`` (it closes in mid-reply),
            ``"rate_limit"`` (429), ``"server_error"`` (500), ``"status"`` (the one given), ``"delay"``,
            ``"garbage"`` (a body that is no JSON), ``"forget"`` (the provider of the model has lost its stored
            responses and conversations when it answers) or ``"pace"`` (a streamed reply arrives word by word,
            in practice mode; together with any other).
        calls: How many calls it hits before it ends by itself.
        seconds: How many seconds it stays. With neither ``calls`` nor ``seconds``: until it is cleared.
        after: How many matching calls are let through first.
        retry_after: Seconds that a 429 asks the caller to wait.
        delay: Seconds that each call is held back; for ``kind="pace"``, before each word (0.15).
        status: The HTTP status for ``kind="status"``.
        when: Whether ``kind="delay"`` holds a call ``"before"`` it takes effect (a caller who leaves meanwhile
            has changed nothing) or holds its reply ``"after"`` it has.
        scope: Whose calls: those of another scope than the notebook's own, see ``lab.aside``.

    Raises:
        LabError: an argument cannot be used, or the gateway does not answer.
    """
    try:
        spec = FaultSpec(
            route=route,
            kind=kind,
            calls=calls,
            seconds=seconds,
            after=after,
            retry_after=retry_after,
            delay=delay,
            status=status,
            when=when,
        )
    except ValidationError as error:
        first = error.errors()[0]
        raise LabError(f"lab.fault: {first['loc'][0]}: {first['msg']}") from None
    client = GatewayClient.for_scope(scope)
    return Fault(client, client.add_fault(spec), spec)


def clear_faults() -> None:
    """End every failure staged in this notebook's scope."""
    with GatewayClient.for_scope() as client:
        client.clear_faults()


def meter(scope: str | None = None) -> Meter:
    """What this notebook and its processes have cost since the last reset; or those of another scope of it."""
    with GatewayClient.for_scope(scope) as client:
        return client.meter()


def reset_meter() -> None:
    """Set the meter of this notebook's scope to zero and forget its transcript."""
    with GatewayClient.for_scope() as client:
        client.reset_meter()
