"""The meter and transcript of one scope: each call, how it ended, its tokens, was it paid for twice."""

from __future__ import annotations

import json
from collections import OrderedDict, deque
from dataclasses import dataclass
from typing import Any, Literal

from workshop.gateway.byte_budget import ByteBudget, Holding
from workshop.gateway.errors import MODEL_ROUTES, Route

Json = dict[str, Any]
Status = Literal["completed", "failed", "cut", "in_flight"]

MOST_CALLS = 2_000  # listed; the totals go on counting
MOST_BODIES = 500
MOST_FINGERPRINTS = 10_000
_COUNTED = ("arrived", "completed", "failed", "repeats", "input_tokens", "output_tokens")


@dataclass(slots=True)
class Outcome:
    """What is known of a reply once it has been sent.

    Attributes:
        input_tokens: Tokens read by the model; None if the reply does not say.
        output_tokens: Tokens written by the model; None if the reply does not say.
        estimated: Whether the figures are estimates.
        fingerprint: Equal for equal model calls; None where repeats mean nothing.
        summary: A few words for a table.
        response: The reply's body as the transcript tells it.
        rule: Which of the practice model's rules decided; None in live mode.
        why: Its evidence, in words; None where there is none.
    """

    input_tokens: int | None = None
    output_tokens: int | None = None
    estimated: bool = False
    fingerprint: bytes | None = None
    summary: str = ""
    response: bytes | None = None
    rule: str | None = None
    why: str | None = None


@dataclass(slots=True)
class Call:
    """One call, from its arrival; ``run``: the workflow that it is made for, empty if it is made for none."""

    n: int
    route: Route
    run: str = ""
    status: Status = "in_flight"
    http_status: int | None = None
    repeats: int | None = None
    input_tokens: int | None = None
    output_tokens: int | None = None
    fault: str | None = None
    summary: str = ""
    request: Holding | None = None
    response: Holding | None = None
    rule: str | None = None
    why: str | None = None

    def describe(self) -> Json:
        """The call as the meter lists it."""
        names = (
            "n",
            "route",
            "status",
            "http_status",
            "repeats",
            "input_tokens",
            "output_tokens",
            "fault",
            "summary",
        )
        return {name: getattr(self, name) for name in names}

    def tell(self) -> Json:
        """The call as the transcript tells it."""
        return {
            "n": self.n,
            "route": self.route,
            "status": self.status,
            "http_status": self.http_status,
            "rule": self.rule,
            "why": self.why,
            "request": _read(self.request) or {},
            "response": _read(self.response),
        }

    def forget_bodies(self) -> None:
        """Give up what the transcript would tell."""
        for holding in (self.request, self.response):
            if holding is not None:
                holding.drop()


class Meter:
    """Counts the calls of one scope; one is completed when its whole reply reached a connected caller."""

    def __init__(self, budget: ByteBudget) -> None:
        self._budget = budget
        self._made = 0
        self._open = 0
        self._closed = False
        self._estimated = False
        self._calls: deque[Call] = deque(maxlen=MOST_CALLS)
        self._paid: OrderedDict[tuple[str, bytes], int] = OrderedDict()
        self._models = {route: dict.fromkeys(_COUNTED, 0) for route in MODEL_ROUTES}
        self._services: dict[str, int] = {"weather": 0, "ip": 0, "geo": 0, "bank": 0, "library": 0}

    @property
    def busy(self) -> bool:
        """Whether a call is under way."""
        return self._open > 0

    def arrive(self, route: Route, request: bytes | None, run: str = "") -> Call:
        """Note a call that has arrived.

        Args:
            route: Where to.
            request: What the transcript will tell of it.
            run: The workflow that it is made for. A call repeats only one of the same run: two runs that ask the
                same question pay for two answers, as they should.
        """
        self._made += 1
        self._open += 1
        call = Call(self._made, route, run, request=self._budget.hold(request))
        self._calls.append(call)
        if len(self._calls) > MOST_BODIES:
            self._calls[-MOST_BODIES - 1].forget_bodies()
        if route in MODEL_ROUTES:
            self._models[route]["arrived"] += 1
        else:
            self._services[route] += 1
        return call

    def finish(self, call: Call, status: Status, http_status: int | None, outcome: Outcome) -> None:
        """Note how a call ended; only a completed one counts as paid."""
        if call.status != "in_flight" or self._closed:
            return
        self._open -= 1
        call.status, call.http_status, call.summary = status, http_status, outcome.summary
        if call.n > self._made - MOST_BODIES:
            call.response = self._budget.hold(outcome.response)
        call.rule, call.why = outcome.rule, outcome.why
        if call.route in MODEL_ROUTES:
            self._models[call.route]["completed" if status == "completed" else "failed"] += 1
            if status == "completed":
                self._pay(call, outcome)

    def close(self) -> None:
        """Forget everything; calls still under way end uncounted. A closed meter is replaced by a new one."""
        self._closed = True
        for call in self._calls:
            call.forget_bodies()
        self._calls.clear()

    def describe(self, scope: str, mode: str) -> Json:
        """The meter as its control route tells it."""
        none_yet = not any(counts["completed"] for counts in self._models.values())
        return {
            "scope": scope,
            "mode": mode,
            "estimated": self._estimated or (mode == "practice" and none_yet),
            **{route: _tell(counts) for route, counts in self._models.items()},
            "services": dict(self._services),
            "calls": [call.describe() for call in self._calls],
        }

    def transcript(self) -> Json:
        """What was sent and what came back, in order of arrival, as far as it is still held."""
        return {"calls": [call.tell() for call in list(self._calls)[-MOST_BODIES:]]}

    def _pay(self, call: Call, outcome: Outcome) -> None:
        call.input_tokens, call.output_tokens = outcome.input_tokens, outcome.output_tokens
        counts = self._models[call.route]
        counts["input_tokens"] += outcome.input_tokens or 0
        counts["output_tokens"] += outcome.output_tokens or 0
        self._estimated = self._estimated or outcome.estimated
        if outcome.fingerprint is None:
            return
        key = call.run, outcome.fingerprint
        call.repeats = self._paid.get(key)
        if call.repeats is not None:
            counts["repeats"] += 1
            return
        self._paid[key] = call.n
        if len(self._paid) > MOST_FINGERPRINTS:
            self._paid.popitem(last=False)


def _tell(counts: dict[str, int]) -> Json:
    open_calls = counts["arrived"] - counts["completed"] - counts["failed"]
    return {**counts, "in_flight": open_calls}


def _read(holding: Holding | None) -> Any:
    data = holding.data[0] if holding is not None and holding.data else None
    if data is None:
        return None
    try:
        told = json.loads(data)
    except (ValueError, RecursionError):
        told = None
    return told if isinstance(told, dict) else data.decode("utf-8", "replace")


__all__ = ["Call", "Meter", "Outcome", "Status"]
