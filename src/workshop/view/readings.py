"""Reads what the gateway knows of this process's scope, once its last call has ended."""

from __future__ import annotations

import time

from workshop.lab.gateway_client import GatewayClient, Meter, Trace

_SETTLE_SECONDS = 1.0
_LOOK_EVERY = 0.02


def settled(client: GatewayClient) -> Meter:
    """The meter, as soon as no call is under way, but after a second in any case.

    A caller has its reply a moment before the gateway has noted it; without the wait, a view would sometimes
    miss the very call it is to show.

    Raises:
        GatewayError: the gateway does not answer.
    """
    deadline = time.monotonic() + _SETTLE_SECONDS
    while True:
        meter = client.meter()
        if all(call.status != "in_flight" for call in meter.calls) or time.monotonic() > deadline:
            return meter
        time.sleep(_LOOK_EVERY)


def settled_traces(client: GatewayClient) -> list[Trace]:
    """The traces, as soon as the latest one is whole, but after a second in any case.

    The process in which an agent runs sends its spans a moment after they have ended.

    Raises:
        GatewayError: the gateway does not answer.
    """
    deadline = time.monotonic() + _SETTLE_SECONDS
    while True:
        traces = client.traces()
        if not traces or traces[-1].whole or time.monotonic() > deadline:
            return traces
        time.sleep(_LOOK_EVERY)


__all__ = ["settled", "settled_traces"]
