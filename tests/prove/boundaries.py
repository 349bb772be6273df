"""Where a worker can be killed between two events of a run, and what stops the run exactly there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from temporalio.client import WorkflowHandle

from workshop.lab.gateway_client import FaultSpec, GatewayClient, Route

from .moments import Moment

# What a workflow task can bring: written in one transaction with its end.
_BROUGHT = {
    "ActivityTaskScheduled",
    "WorkflowExecutionUpdateAccepted",
    "WorkflowExecutionUpdateCompleted",
    "WorkflowExecutionCompleted",
    "WorkflowExecutionContinuedAsNew",
}


@dataclass(frozen=True)
class Boundary:
    """A place between two events, and what holds a run there until its worker is killed.

    Attributes:
        title: The event before it, by number and name; with two numbers, it was written in one go with another.
        names: The events that the history must have at the kill; None if that does not matter.
        held: Whether an attempt at an activity must be under way.
        limits: What the worker may do (see ``stops.py``).
        fault: What a service does to the attempt.
        start_delay: Whether the server keeps the first task back.
    """

    title: str
    names: Sequence[str] | None = None
    held: bool = False
    limits: dict[str, int] | None = None
    fault: FaultSpec | None = None
    start_delay: bool = False

    @property
    def events(self) -> int:
        """How many events the history must have at the kill."""
        return len(self.names or ())

    def is_where(self, seen: Moment) -> bool:
        """Whether a run has stopped here; not if a timeout has moved it on, or held it up on the way."""
        return self.names is None or (seen.names, bool(seen.held)) == (list(self.names), self.held)

    @property
    def numbers(self) -> list[int]:
        """The events after which it stands: one, or two that are written at once."""
        return [int(number) for number in self.title.partition(" ")[0].split("-")]


def boundaries(
    names: Sequence[str], routes: Sequence[Route], when: Literal["before", "after"] = "before"
) -> list[Boundary]:
    """Every place between two events. Where the server writes two of them at once, no kill can come between.

    Args:
        names: The events of an undisturbed run.
        routes: The service that each of its activities calls, in the order of the run.
        when: Whether a call in flight is held before it takes effect, or its reply after it has.
    """
    return [
        _boundary(names, routes, n, when) for n in range(1, len(names) + 1) if _ends_a_transaction(names, n)
    ]


def in_one_go(name: str, following: str) -> bool:
    """Whether the server writes an event and the one that follows it in one transaction."""
    if name == "ActivityTaskCompleted":
        return following == "WorkflowTaskScheduled"
    if name == "WorkflowExecutionContinuedAsNew":
        return following == "WorkflowExecutionStarted"
    return following in _BROUGHT and name in {"WorkflowTaskCompleted", *_BROUGHT}


def _ends_a_transaction(names: Sequence[str], n: int) -> bool:
    if n < len(names):
        return not in_one_go(names[n - 1], names[n])
    # Nothing follows the last event; but if it came with the one before, it stands for that one's boundary.
    return in_one_go(*names[-2:])


def _boundary(
    names: Sequence[str], routes: Sequence[Route], n: int, when: Literal["before", "after"]
) -> Boundary:
    with_last = n > 1 and in_one_go(names[n - 2], names[n - 1])
    title = f"{n - 1}-{n} {names[n - 1]}" if with_last else f"{n} {names[n - 1]}"
    tasks = names[:n].count("WorkflowTaskScheduled")
    activities = names[:n].count("ActivityTaskScheduled")
    match names[n - 1]:
        case "WorkflowExecutionStarted":
            return Boundary(title, names[:n], limits={"workflow_tasks": 0}, start_delay=True)
        case "WorkflowTaskScheduled":
            return Boundary(title, names[:n], limits={"workflow_tasks": tasks - 1})
        case "WorkflowTaskStarted":
            return Boundary(title, names[:n], limits={"halt_at": tasks})
        case "ActivityTaskScheduled":
            return Boundary(title, names[:n], limits={"activities": activities - 1})
        case "ActivityTaskStarted":
            # The server keeps this event back until the attempt has ended, and may then not be the first.
            route = routes[activities - 1]
            earlier = routes[: activities - 1].count(route)
            fault = FaultSpec(route=route, kind="delay", after=earlier, calls=1, when=when)
            return Boundary(title, names[: n - 1], held=True, fault=fault)
    return Boundary(title, names[:n])


async def arrival(
    place: Boundary, handle: WorkflowHandle[Any, Any], gateway: GatewayClient, fault: str | None, wait: float
) -> None:
    """Wait until a run has arrived at a place; at most ``wait`` seconds for the service that holds it."""
    if fault is not None:
        await gateway.wait_for_hits(fault, timeout=wait)
    if place.events:
        async for event in handle.fetch_history_events(wait_new_event=True):
            if event.event_id >= place.events:
                return
