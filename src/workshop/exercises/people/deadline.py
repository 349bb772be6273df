"""A deadline for an answer: after three days silence is a no, and a yes that comes later is refused."""

from __future__ import annotations

import importlib
import json
from datetime import timedelta
from types import ModuleType
from typing import TYPE_CHECKING, Any

from workshop.checks.bench import Bench, NotYet, describe, need
from workshop.checks.fresh import Fresh
from workshop.checks.histories import timers_of
from workshop.checks.registry import exercise
from workshop.checks.workflows import running_worker, task_queue
from workshop.errors import ServerSilent
from workshop.exercises.documentation import TEMPORAL
from workshop.exercises.people.payments import judge_told, open_bank, paid
from workshop.exercises.people.project import activities, project
from workshop.exercises.people.skipped_time import (
    answered_now,
    end_of,
    listed,
    need_cancelled,
    need_end_now,
    need_paid_now,
    skip,
    until_pending,
)

if TYPE_CHECKING:
    from temporalio.testing import WorkflowEnvironment

_LOOK = "`decision`"
_SILENCE = "`except TimeoutError`: `self.waiting`"
_SILENT = ("call-1-1", "call-1-2")


@exercise(
    proves="After three days, silence counted as no and a late yes was refused; an answer in time still counted.",
    hints=(
        "What does `wait_condition` do when the time is up? And what is still in `self.waiting` then?",
        f"`await workflow.wait_condition(..., timeout=PATIENCE)` and `except TimeoutError`: {TEMPORAL}/timers",
        "try:\n    await workflow.wait_condition(lambda: call.call_id in self.decided, timeout=PATIENCE)\n"
        "except TimeoutError:\n    del self.waiting[call.call_id]\n"
        "    self.decided[call.call_id] = Decision(False, ...)",
    ),
    timeout=60,
)
async def deadline(bench: Bench) -> str:
    """On a server whose time can be skipped: three payments that wait together, and two decisions a day apart."""
    fresh = Fresh(bench.exercise.id)
    one, two, three = fresh.names(3)
    in_time, later = (three, fresh.amount(2, 40)), (one, fresh.amount(2, 40))
    rounds = [[[one, fresh.amount(41, 90)], [two, fresh.amount(41, 90)], [*in_time]], [[*later]]]
    books = open_bank(bench, one, two, three)
    with project(bench):
        told, timers = await bench.run(_probe_deadline, rounds)
    for call in _SILENT:
        silence = told.get(call)
        if not isinstance(silence, str) or not silence.removeprefix("Not paid:").strip(" ."):
            raise NotYet(
                "the model to be told why it was not paid", describe(silence), "`Decision(False, ...)`"
            )
        if "person said no" in silence:
            raise NotYet("the model to be told that nobody answered", repr(silence), "`Decision(False, ...)`")
    judge_told(told, {"call-1-3": in_time, "call-2-1": later}, _LOOK)
    books.must_show(paid(in_time, later), _LOOK)
    if set(timers) != {timedelta(days=3).total_seconds()}:
        got = f"timers of {', '.join(f'{one:g} s' for one in timers)}" if timers else "no timer"
        raise NotYet("a timer of PATIENCE, three days, for each call", got, "`timeout=PATIENCE`")
    return f"After three days the model was told: {told['call-1-1']}"


async def _probe_deadline(module: ModuleType, rounds: list[Any]) -> list[Any]:
    from workshop.exercises.people.scripted_model import scripted_model

    defined = need(module, "PatientAgent", type, "a class")
    alone = importlib.import_module("workshop.exercises.people.asks_alone").AsksAlone
    what: dict[str, Any] = {
        "workflows": [defined, alone],
        "activities": [scripted_model, activities().pay_relief],
    }
    env = await _started()
    async with env, running_worker(client=env.client, **what):
        handle = await env.client.start_workflow(
            "PatientAgent", json.dumps(rounds), id="deadline", task_queue=task_queue()
        )
        for call in (*_SILENT, "call-1-3"):
            await until_pending(handle, call, "three payments to wait for their decisions", _LOOK)
        await skip(env, handle, timedelta(days=1, hours=2), _LOOK)
        await _need_waiting(handle, "call-1-3", "a day and two hours")
        in_time = "a yes on the second day to be accepted"
        if refusal := await answered_now(handle, "call-1-3", True, in_time, _LOOK):
            raise NotYet(in_time, refusal, _LOOK)
        await need_paid_now(handle, _LOOK)
        await skip(env, handle, timedelta(days=1, hours=21), _LOOK)
        for call in _SILENT:
            await _need_waiting(handle, call, "two days and 23 hours")
        await skip(env, handle, timedelta(hours=1, minutes=1), _LOOK)
        expected = "the agent to go on after three days without an answer"
        waiting = await until_pending(handle, "call-2-1", expected, "`except TimeoutError`")
        for call in _SILENT:
            if call in waiting:
                got = "`pending` still lists it, and a late yes would be accepted"
                raise NotYet("a call to stop waiting after the deadline", got, _SILENCE)
            too_late = "a late yes to be refused"
            if not await answered_now(handle, call, True, too_late, _SILENCE):
                raise NotYet(too_late, "it was accepted", _SILENCE)
        if refusal := await answered_now(handle, "call-2-1", True, "a yes to be accepted", _LOOK):
            raise NotYet("a yes to be accepted", refusal, _LOOK)
        await need_end_now(handle, _LOOK)
        result = await end_of(handle, "the run to complete after the yes", _LOOK)
        await _judge_alone(env)
        return [dict(json.loads(result)), await timers_of(handle)]


async def _need_waiting(handle: Any, call: str, after: str) -> None:
    if call not in await listed(handle):
        expected = "each call to wait for three days, whatever happens to the others"
        raise NotYet(
            expected, f"after {after} {call} is no longer waiting", "`timeout=PATIENCE`, `self.waiting`"
        )


async def _started() -> WorkflowEnvironment:
    """A test server. The SDK gives it five seconds to start, which a busy machine may not have.

    Raises:
        ServerSilent: it has not started, three times.
    """
    from temporalio.testing import WorkflowEnvironment

    from workshop.lab.programs import time_skipping_server

    path = time_skipping_server()
    for _ in range(3):
        try:
            return await WorkflowEnvironment.start_time_skipping(test_server_existing_path=path)
        except RuntimeError as error:
            why = error
    raise ServerSilent("The test server has not started, three times.") from why


async def _judge_alone(env: WorkflowEnvironment) -> None:
    """Two decisions a day apart, of which the first gets no answer; and one whose run is cancelled."""

    async def start(asked: str) -> Any:
        return await env.client.start_workflow("AsksAlone", asked, id=asked[0], task_queue=task_queue())

    handle = await start("a b")
    await until_pending(handle, "a", "a call to wait for its decision", _LOOK)
    await skip(env, handle, timedelta(days=3, hours=2), _LOOK)
    await _need_waiting(handle, "b", "two days, with another call over its deadline,")
    in_time = "a yes in time to be accepted, after the deadline of another call"
    if refusal := await answered_now(handle, "b", True, in_time, _SILENCE):
        raise NotYet(in_time, refusal, _SILENCE)
    await need_end_now(handle, _LOOK)
    if (told := await end_of(handle, "the run to complete after the yes", _LOOK)) != "no yes":
        raise NotYet("a no for the call that nobody answered, a yes for the other", repr(told), _LOOK)
    cancelled = await start("c")
    await until_pending(cancelled, "c", "a call to wait for its decision", _LOOK)
    await cancelled.cancel()
    await need_cancelled(cancelled, f"{_LOOK}: `except TimeoutError`, and nothing wider")
