"""A server that takes no connection is called absent soon; one that is only slow gets time, as a busy machine needs."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from temporalio.service import RPCError, RPCStatusCode

from workshop.lab import watching


@pytest.mark.parametrize(
    ("status", "after", "given_up"),
    [
        (RPCStatusCode.UNAVAILABLE, 2, False),
        (RPCStatusCode.UNAVAILABLE, 5, True),
        (RPCStatusCode.DEADLINE_EXCEEDED, 12, False),
        (RPCStatusCode.CANCELLED, 12, False),
        (RPCStatusCode.DEADLINE_EXCEEDED, 25, True),
        (RPCStatusCode.NOT_FOUND, 25, False),
    ],
)
async def test_a_slow_server_gets_more_time_than_an_absent_one(
    status: RPCStatusCode, after: float, given_up: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 1000.0
    clock: Any = SimpleNamespace(monotonic=lambda: now, time=lambda: now)
    monkeypatch.setattr(watching, "time", clock)

    async def fails(_: object) -> None:
        raise RPCError("no answer", status, b"")

    monkeypatch.setattr(watching.Observed, "look", fails)
    handle: Any = SimpleNamespace(_client=None, id="one", run_id=None)
    watch = watching.Watch(handle, 10)
    assert await watch.look() is None
    now += after
    why = await watch.look()
    assert (why is not None and why.reason == "server does not answer") is given_up
