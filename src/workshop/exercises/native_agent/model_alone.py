"""The model call without a worker: a rate limit, no connection, a reply that takes long."""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from workshop.checks.bench import Bench, NotYet

_ONE_ATTEMPT = 60.0
"""Seconds that a model call may take."""


@dataclass
class Sent:
    """A request, as the client sends it.

    Attributes:
        retry: Which retry of the client's own it is; 0 for none.
        patience: Seconds that the client waits for the reply.
        blocks: Whether a sync client sends it.
        under_way: Whether there is no reply yet.
    """

    retry: int
    patience: float
    blocks: bool
    under_way: bool = True


def requests_noted() -> list[Sent]:
    """In the child: a list that from now on grows with each request of any client."""
    import httpx2

    noted: list[Sent] = []

    def note(request: httpx2.Request, *, blocks: bool) -> Sent:
        patience = request.extensions.get("timeout", {}).get("read")
        retry = int(request.headers.get("x-stainless-retry-count", 0))
        noted.append(Sent(retry, _ONE_ATTEMPT if patience is None else patience, blocks))
        return noted[-1]

    send, send_sync = httpx2.AsyncClient.send, httpx2.Client.send

    async def noting(self: Any, request: httpx2.Request, **how: Any) -> Any:
        sent = note(request, blocks=False)
        try:
            return await send(self, request, **how)
        finally:
            sent.under_way = False

    def noting_sync(self: Any, request: httpx2.Request, **how: Any) -> Any:
        sent = note(request, blocks=True)
        try:
            return send_sync(self, request, **how)
        finally:
            sent.under_way = False

    httpx2.AsyncClient.send = noting  # type: ignore[method-assign]
    httpx2.Client.send = noting_sync  # type: ignore[method-assign]
    return noted


async def judge_alone(bench: Bench, request: dict[str, Any], look: str) -> None:
    """Call the learner's ``call_model`` three times, each under a fault of its own.

    Args:
        bench: The check's, without faults.
        request: What the model is asked.
        look: Where to look if it does something else than it should.

    Raises:
        NotYet: it does.
    """
    bench.fault("model", "rate_limit", retry_after=2, calls=1)
    bench.fault("model", "refuse", calls=1)
    bench.fault("model", "delay", delay=0.7)
    seen = await bench.run(_probe_alone, request)
    if seen["delay"] != 2:
        raise NotYet(
            "a rate limit with `retry-after: 2` to set the next attempt's delay to 2 s",
            f"{seen['raised']}, and "
            + ("no delay" if seen["delay"] is None else f"a delay of {seen['delay']:g} s"),
            f"{look}: what becomes of an APIStatusError",
        )
    if seen["kept"]:
        raise NotYet(
            "only the error that `to_failure` made: the service's own message can quote the key",
            f"the client's error comes with it, as its {seen['kept']}",
            f"{look}: `raise ... from None`",
        )
    if seen["patience"] < _ONE_ATTEMPT:
        raise NotYet(
            f"a client that waits as long as one attempt may take, {_ONE_ATTEMPT:g} s",
            f"it gives up after {seen['patience']:g} s",
            "`client`: its `timeout`",
        )
    if seen["unanswered"]:
        raise NotYet(
            "another attempt when the service cannot be reached: leave the client's APIConnectionError as it is",
            seen["unanswered"],
            f"{look}: what it catches; an error without a status is no case for `to_failure`",
        )
    if seen["beats"] < 2:
        raise NotYet(
            "heartbeats for as long as the model takes",
            f"{seen['beats'] or 'none'} between the request and its reply, though that took as long as three should",
            f"{look}: `async with heartbeats():` around an awaited request",
        )


async def _probe_alone(module: ModuleType, request: dict[str, Any]) -> dict[str, Any]:
    from dataclasses import replace
    from datetime import timedelta

    from openai import APIConnectionError
    from temporalio.exceptions import ApplicationError
    from temporalio.testing import ActivityEnvironment

    asked = importlib.import_module("my.native_agent.messages").ModelRequest(**request)
    seen: dict[str, Any] = {"raised": "it raised nothing", "delay": None, "kept": ""}
    sent = requests_noted()
    beats = []
    environment = ActivityEnvironment()
    try:
        await environment.run(module.call_model, asked)
    except Exception as error:
        seen["raised"] = f"it raised {type(error).__name__}"
        if isinstance(error, ApplicationError) and error.next_retry_delay is not None:
            seen["delay"] = error.next_retry_delay.total_seconds()
        if error.__cause__ is not None:
            seen["kept"] = "cause, into the history"
        elif error.__context__ is not None and not error.__suppress_context__:
            seen["kept"] = "context, into the worker's log"
    try:
        await environment.run(module.call_model, asked)
        seen["unanswered"] = "it raised nothing"
    except Exception as error:
        again = not error.non_retryable if isinstance(error, ApplicationError) else False
        fits = again or isinstance(error, APIConnectionError)
        seen["unanswered"] = "" if fits else f"{type(error).__name__}: {error}"
    # The lesson's `heartbeats` beats twice in this time.
    environment.info = replace(environment.info, heartbeat_timeout=timedelta(seconds=0.4))

    def heartbeat(*details: Any) -> None:
        # One before and one after the call are none while the server waits for the next.
        if sent and sent[-1].under_way:
            beats.append(details)

    environment.on_heartbeat = heartbeat
    await environment.run(module.call_model, asked)
    return seen | {"beats": len(beats), "patience": min((one.patience for one in sent), default=_ONE_ATTEMPT)}
