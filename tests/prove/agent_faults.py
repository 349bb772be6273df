"""Breaks what the agents call, in every way that the gateway knows, and looks how the runs end.

Nothing is killed. The first and the last call of the model are broken for the question that takes two of them, the
second for the one that takes four; each tool's service is called once, if at all.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from temporalio.client import WorkflowFailureError

from workshop.lab.gateway_client import FaultKind, FaultSpec, Route

from . import rows
from .agents import CALIFORNIA, ROUTES, TRIES, WHERE_I_AM, Agent, Lab, Run, Whole, calls_of
from .moments import Moment

End = Literal["the same answer", "the model is told", "fails", "fails at once"]

OUTAGE_CALLS = 2  # that fail before the outage is over
PASSING, OUTAGE, LASTING = "one call", f"{OUTAGE_CALLS} calls", "for good"
TOOL_ATTEMPTS = 3
RETRY_AFTER = 2.0
THINKING = 6.0  # longer than the heartbeat timeout of a model call
SLOW = 1.0

TOOLS: tuple[Route, ...] = ("ip", "geo", "weather")
_BROKEN: tuple[tuple[FaultKind, int | None], ...] = (
    ("refuse", None),
    ("cut", None),
    ("rate_limit", None),
    ("server_error", None),
    ("garbage", None),
    ("delay", None),
    ("status", 401),
    ("status", 400),
)


@dataclass(frozen=True, eq=False)
class Trouble:
    """What is broken, and how the run must end.

    Attributes:
        route: Whose calls.
        kind: How, with the status if it is one.
        lasts: For how long.
        call: Which call, in words.
        nth: The same as a number, from 0.
        whole: The question, and what comes of it when nothing is broken.
        spec: The fault.
        over_after: How many calls it hits before it is cleared; None if nobody clears it.
        end: How the run must end.
        attempts: How many attempts at the broken call there must be.
    """

    route: Route
    kind: str
    lasts: str
    call: str
    nth: int
    whole: Whole
    spec: FaultSpec
    over_after: int | None
    end: End
    attempts: int


@dataclass
class Row(rows.Row):
    """One run and what came of it.

    Attributes:
        agent: Which agent.
        trouble: What was broken.
        end: How the run ended.
        attempts: How many attempts at the broken call there were.
        lost: Model calls that the service had answered, but the answer was cut off: paid, and made again.
        repeated: Model calls that had been completed, and were made again.
        seconds: From the question to the end.
        starved: Whether the machine was so busy that an attempt timed out before it had begun or was reported.
    """

    agent: str
    trouble: Trouble
    end: str = ""
    attempts: int = 0
    lost: int = 0
    repeated: int = 0
    seconds: float = 0.0
    starved: bool = False


def troubles(agent: Agent, wholes: Sequence[Whole]) -> list[Trouble]:
    """Everything that is broken for this agent."""
    found = []
    asked = {whole.question: whole for whole in wholes}
    short, long = asked[CALIFORNIA], asked[WHERE_I_AM]
    last = short.routes.count("model") - 1
    for kind, status in _BROKEN:
        name = kind if status is None else f"status {status}"
        for whole, nth, call in ((short, 0, "1st"), (long, 1, "2nd"), (short, last, "last")):
            end: End = "the same answer" if status is None else "fails at once"
            attempts = 1 if status is not None or kind == "delay" else 2
            spec = _spec("model", kind, status, nth, 1, THINKING)
            found.append(Trouble("model", name, PASSING, call, nth, whole, spec, None, end, attempts))
            if attempts == 2:
                spec = _spec("model", kind, status, nth, None, None)
                found.append(
                    Trouble(
                        "model", name, OUTAGE, call, nth, whole, spec, OUTAGE_CALLS, end, OUTAGE_CALLS + 1
                    )
                )
        for route in TOOLS:
            whole = short if route in short.routes else long
            attempts = 1 if kind == "delay" else 2
            spec = _spec(route, kind, status, 0, 1, SLOW)
            found.append(
                Trouble(route, name, PASSING, route, 0, whole, spec, None, "the same answer", attempts)
            )
            # A `delay` without seconds holds a call until the fault ends: here, never.
            spec = _spec(route, kind, status, 0, None, None)
            end = "the model is told" if agent.tells_model else "fails"
            found.append(Trouble(route, name, LASTING, route, 0, whole, spec, None, end, TOOL_ATTEMPTS))
    return found


def _spec(
    route: Route, kind: FaultKind, status: int | None, after: int, calls: int | None, delay: float | None
) -> FaultSpec:
    return FaultSpec(
        route=route,
        kind=kind,
        status=status,
        after=after,
        calls=calls,
        delay=delay if kind == "delay" else None,
        retry_after=RETRY_AFTER if kind == "rate_limit" else None,
    )


async def break_all(
    lab: Lab, agent: Agent, queue: str, wanted: Sequence[Trouble], slots: asyncio.Semaphore
) -> list[Row]:
    """Have all this trouble, each in a run of its own, and return a row for each, in the same order."""

    async def one(trouble: Trouble) -> Row:
        for _ in range(TRIES):
            title = f"{agent.name}: {trouble.kind}, {trouble.lasts}, {trouble.route}, {trouble.call}"
            row = Row(title, agent.name, trouble)
            with row.noting_errors():
                async with slots, lab.run(agent, trouble.whole.question) as run:
                    await _suffer(row, run, queue)
            if not row.starved:
                break
        return row

    # Those that take longest first.
    order = sorted(wanted, key=lambda trouble: trouble.kind != "delay")
    done = dict(zip(order, await asyncio.gather(*map(one, order)), strict=True))
    return [done[trouble] for trouble in wanted]


async def _suffer(row: Row, run: Run, queue: str) -> None:
    trouble = row.trouble
    fault = run.gateway.add_fault(trouble.spec).id
    began = time.monotonic()
    await run.start(queue)
    if trouble.over_after is not None:
        await run.gateway.wait_for_hits(fault, trouble.over_after)
        run.gateway.clear_fault(fault)
    answer = None
    try:
        answer = await run.answer()
    except WorkflowFailureError as error:
        row.end = f"fails: {error.cause}"
    row.seconds = time.monotonic() - began
    _judge(row, run, answer, await run.moment())


def _judge(row: Row, run: Run, answer: str | None, end: Moment) -> None:
    trouble, meter = row.trouble, run.gateway.meter()
    whole = trouble.whole
    calls = [call for call in meter.calls if call.route == trouble.route]
    told = [exchange.request for exchange in run.gateway.transcript() if exchange.route == "model"]
    broken = [i for i, route in enumerate(whole.routes) if route == trouble.route][trouble.nth]
    row.attempts = end.attempts[broken]
    tried = sum(
        n for n, one in zip(end.attempts, end.scheduled, strict=False) if ROUTES[one] == trouble.route
    )
    row.starved = bool(end.timed_out) or tried > len(calls)
    row.repeated = meter.model.repeats
    row.lost = sum(call.status == "cut" for call in calls) if trouble.route == "model" else 0
    if answer is None:
        row.end = "fails at once" if row.attempts == 1 else "fails"
    elif answer == whole.answer:
        row.end = "the same answer"
    elif "The tool failed: " in str(told[-1].get("input")):
        row.end = "the model is told"
    else:
        row.end = "another answer"
    row.need(row.end == trouble.end, f"it ended with {row.end}, not {trouble.end}")
    row.need(row.attempts == trouble.attempts, f"there were {row.attempts} attempts, not {trouble.attempts}")
    row.need(row.repeated == 0, f"{row.repeated} completed model calls were made again")
    hit = sum(call.fault is not None for call in calls)
    expected = (
        trouble.attempts
        if trouble.spec.calls is None and trouble.over_after is None
        else trouble.attempts - 1
    )
    row.need(hit == max(1, expected), f"{hit} calls were hit, not {max(1, expected)}")
    if trouble.kind == "cut" and trouble.route == "model":
        row.need(row.lost == hit, f"{row.lost} replies were cut off, not {hit}")
    if trouble.kind == "rate_limit" and trouble.route == "model":
        row.need(row.seconds >= RETRY_AFTER * hit, f"it was over after {row.seconds:.1f} s: too early")
    if row.end == "the same answer":
        # What did not fail was called as often as ever, and what did, once more for each failure.
        extra = calls_of(meter)
        extra.subtract(calls_of(whole.meter))
        extra.subtract({trouble.route: row.attempts - 1})
        row.need(not any(extra.values()), f"calls too many or too few: {dict(extra)}")
        row.need(meter.model.completed == whole.meter.model.completed, f"the meter says {meter.model}")
