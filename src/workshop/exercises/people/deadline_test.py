"""The learner's test of the deadline: three days pass in it, and it fails for an agent that pays without a yes."""

from __future__ import annotations

import asyncio
import importlib
import traceback
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from types import ModuleType
from typing import TYPE_CHECKING, Any

from workshop.checks.bench import Bench, NotYet, describe, need_function, place_of
from workshop.checks.books import moves_told
from workshop.checks.registry import exercise
from workshop.checks.tracebacks import own_place
from workshop.exercises.documentation import TEMPORAL
from workshop.exercises.people.payments import open_bank
from workshop.exercises.people.project import project
from workshop.exercises.people.root_cause import root_of
from workshop.exercises.people.watched_list import Watched

if TYPE_CHECKING:
    from temporalio.api.history.v1 import HistoryEvent

_TEST = 15.0
"""Seconds for the learner's test, which takes two on a machine that does nothing else."""


@exercise(
    proves="Your test let three days pass, and it fails for an agent that takes silence for a yes.",
    hints=(
        "Without a worker, nothing runs the workflow. And which line of your test would notice a payment?",
        "`async with Worker(env.client, task_queue=..., ...)`, `env.client.start_workflow(...)`: "
        f"{TEMPORAL}/testing-suite",
        'async with Worker(env.client, task_queue="test", workflows=[PatientAgent], activities=[...]):\n'
        '    handle = await env.client.start_workflow(PatientAgent.run, "Pay ...", id=..., task_queue="test")\n'
        "    await handle.result()\nassert ...\nreturn await handle.fetch_history()",
    ),
    timeout=60,
)
async def deadline_test(bench: Bench) -> str:
    """Run the test with the course's agent, then with one that pays when nobody answers."""
    books = open_bank(bench)
    with project(bench):
        days = await bench.run(_probe_test)
    if books.moved():
        raise NotYet(
            "a test that moves no money",
            f"the ledger shows {moves_told(books.moved())}",
            "`activities=[...]`",
        )
    return f"In the run's history {days} days passed."


async def _probe_test(module: ModuleType) -> int:
    from temporalio.api.enums.v1 import EventType
    from temporalio.client import WorkflowHistory

    own = need_function(module, "nobody_answers", is_async=True)
    look = place_of(module, own)
    try:
        history = await _test(own, look)
    except Exception as error:
        if isinstance(error, NotYet):
            raise
        raise NotYet(
            "your test to pass with an agent that does not pay", _told_error(error), _line_of(error) or look
        ) from None
    if not isinstance(history, WorkflowHistory):
        raise NotYet("the run's history from your test", describe(history), f"{look}: its `return`")
    events = history.events
    if events[-1].event_type != EventType.EVENT_TYPE_WORKFLOW_EXECUTION_COMPLETED:
        ended = EventType.Name(events[-1].event_type).removeprefix("EVENT_TYPE_WORKFLOW_EXECUTION_").lower()
        how = {"canceled": "it was cancelled", "failed": "it failed", "terminated": "it was terminated"}
        raise NotYet(
            "the history of a run that has completed",
            how.get(ended, "its last event is not its completion: the run is still waiting"),
            f"{look}: what it does with the run" if ended in how else "`await handle.result()`",
        )
    days = _days_of_silence(events, look)
    await _probe_silence(module, own, look)
    return days


def _days_of_silence(events: Sequence[HistoryEvent], look: str) -> int:
    """How many days a run has waited for an answer that never came.

    Raises:
        NotYet: it did not ask, was answered, or waited less than three days.
    """
    timers = [
        one.timer_started_event_attributes.start_to_fire_timeout.ToTimedelta()
        for one in events
        if one.HasField("timer_started_event_attributes")
    ]
    passed = events[-1].event_time.ToDatetime() - events[0].event_time.ToDatetime()
    expected = (
        "a timer of three days in the run's history, and three days between its first and its last event"
    )
    if not timers:
        payloads = events[0].workflow_execution_started_event_attributes.input.payloads
        asked = ", ".join(one.data.decode(errors="replace") for one in payloads)
        got = f"no timer: asked {asked}, the agent wanted to pay nobody, so there was nothing to wait for"
        raise NotYet(expected, got, f"{look}: what the run is given")
    answers = [
        one.workflow_execution_update_accepted_event_attributes.accepted_request.input.name
        for one in events
        if one.HasField("workflow_execution_update_accepted_event_attributes")
    ]
    if passed < timedelta(days=3) and answers:
        got = f"{passed.days} days passed: the update `{answers[0]}` answered before the timer fired"
        raise NotYet(expected, got, f"{look}: nobody must answer in it")
    if max(timers) != timedelta(days=3) or passed < timedelta(days=3):
        lengths = ", ".join(f"{one.total_seconds() / 86400:g} days" for one in timers)
        raise NotYet(expected, f"timers of {lengths}; {passed.days} days passed", look)
    return passed.days


async def _probe_silence(module: ModuleType, own: Callable[[], Awaitable[Any]], look: str) -> None:
    """The test has to fail with an agent that pays when nobody answers, and with one that says it has not."""
    silent = importlib.import_module("workshop.exercises.people.silent_consent")
    agents = importlib.import_module("my.people.deadline")
    proper = agents.PatientAgent
    places = [
        (place, name)
        for place in (module, agents)
        for name, value in list(vars(place).items())
        if value is proper
    ]
    for agent, what in (
        (silent.PatientAgent, "pays when nobody answers"),
        (silent.SmoothAgent, "pays and claims that it has not"),
    ):
        for place, name in places:
            setattr(place, name, agent)
        watched = Watched()
        if isinstance(getattr(module, "paid", None), list):
            module.paid = watched  # type: ignore[attr-defined]
        try:
            await _test(own, look)
        except NotYet:
            raise
        except Exception:  # noqa: S112 - as it should be
            continue
        got, hint = _missed(watched)
        raise NotYet(f"your test to fail for an agent that {what}", got, f"{look}: {hint}")


def _missed(paid: Watched) -> tuple[str, str]:
    """How a test that should have failed has missed the payment: what it did, and where to look."""
    if not paid.payees:
        return "it passed", "`assert` something about `paid`, and `pretend_to_pay` among its activities"
    if not paid.seen:
        return (
            f"it passed, and did not look at `paid`, which held {paid.payees} after a payment",
            "what it asserts",
        )
    so_far, found = paid.seen[-1]
    if not so_far:
        return (
            f"it passed: it looked at `paid` before the payment only; after that, `paid` held {paid.payees}",
            "what it asserts before the run's `result()`",
        )
    if found:
        return (
            f"it passed, although it saw that `paid` held {found}",
            "what it asserts, and whether an AssertionError can leave it",
        )
    return (
        f"it passed: a payment had put {paid.payees} into `paid`, which was empty again when it looked",
        "`paid.clear()`",
    )


async def _test(own: Callable[[], Awaitable[Any]], look: str) -> Any:
    """What the learner's test returns.

    Raises:
        NotYet: it does not end; it says in which line it waits.
    """
    test = asyncio.ensure_future(own())
    done, _ = await asyncio.wait({test}, timeout=_TEST)
    if done:
        return test.result()
    waits = _own_line("".join(traceback.format_stack(test.get_stack()[-1])))
    test.cancel()
    await asyncio.wait({test}, timeout=2)  # it ends its server
    raise NotYet(
        "your test to end within seconds",
        "it is still running: no worker takes the run, or the activities that it asks for",
        f"{waits or look}; around that, a `Worker` with the same `task_queue=`, the workflow and both activities",
    )


def _told_error(error: BaseException) -> str:
    root = root_of(error)
    return f"{type(root).__name__}: {root}".removesuffix(": ")


def _line_of(error: BaseException) -> str:
    return _own_line("".join(traceback.format_exception(error)))


def _own_line(text: str) -> str:
    from workshop.runs.events import own_line_of_text

    return own_place(own_line_of_text(text))
