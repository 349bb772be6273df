"""A deadline for an answer: after three days silence is a no, and a yes that comes later is refused."""

from __future__ import annotations

import json
from datetime import timedelta
from types import ModuleType
from typing import Any

from workshop.checks.bench import Bench, NotYet, describe, need
from workshop.checks.registry import exercise
from workshop.checks.workflows import running_worker, task_queue
from workshop.exercises.documentation import TEMPORAL
from workshop.exercises.people.decisions import decide_now
from workshop.exercises.people.payments import judge_told, open_bank, paid
from workshop.exercises.people.project import activities, project
from workshop.exercises.people.skipped_time import end_of, listed, need_end_now, skip, until_pending


@exercise(
    proves="After three days silence was a no, and a yes that came later was refused; an answer in time still counts.",
    hints=(
        "What does `wait_condition` do when the time is up? And what still stands in `self.waiting` then?",
        f"`await workflow.wait_condition(..., timeout=PATIENCE)` and `except TimeoutError`: {TEMPORAL}/timers",
        "try:\n    await workflow.wait_condition(lambda: call.call_id in self.decided, timeout=PATIENCE)\n"
        "except TimeoutError:\n    del self.waiting[call.call_id]\n"
        "    self.decided[call.call_id] = Decision(False, ...)",
    ),
    timeout=60,
)
async def deadline(bench: Bench) -> str:
    """On a server whose time can be skipped: one payment gets no answer, the next one gets it after two days."""
    books = open_bank(bench)
    with project(bench):
        told = await bench.run(_probe_deadline)
    silence = told.get("call-1-1")
    if not isinstance(silence, str) or not silence.removeprefix("Not paid:").strip(" ."):
        raise NotYet("the model to be told why it was not paid", describe(silence), "`Decision(False, ...)`")
    judge_told(told, {"call-2-1": ("Ana", 5)}, "`decision`")
    books.must_show(paid(("Ana", 5)), "`decision`")
    return f"After three days the model was told: {silence}"


async def _probe_deadline(module: ModuleType) -> dict[str, Any]:
    from temporalio.testing import WorkflowEnvironment

    from workshop.exercises.people.scripted_model import scripted_model
    from workshop.lab.programs import time_skipping_server

    defined = need(module, "PatientAgent", type, "a class")
    what: dict[str, Any] = {"workflows": [defined], "activities": [scripted_model, activities().pay_relief]}
    rounds = json.dumps([[["Bob", 40]], [["Ana", 5]]])
    look = "`decision`"
    env = await WorkflowEnvironment.start_time_skipping(test_server_existing_path=time_skipping_server())
    async with env, running_worker(client=env.client, **what):
        handle = await env.client.start_workflow(
            "PatientAgent", rounds, id="deadline", task_queue=task_queue()
        )
        await until_pending(handle, "call-1-1", "a payment to wait for its decision", look)
        await skip(env, handle, timedelta(days=2), look)
        if "call-1-1" not in await listed(handle):
            raise NotYet(
                "a call to wait for three days", "after two days it waits no longer", "`timeout=PATIENCE`"
            )
        await skip(env, handle, timedelta(days=1, minutes=1), look)
        expected = "the agent to go on after three days without an answer"
        waiting = await until_pending(handle, "call-2-1", expected, "`except TimeoutError`")
        if "call-1-1" in waiting:
            raise NotYet(
                "a call to wait no longer after the deadline",
                "`pending` still lists it, and a late yes would be accepted",
                "`except TimeoutError`: `self.waiting`",
            )
        if not await decide_now(handle, "call-1-1", True):
            raise NotYet(
                "a late yes to be refused", "it was accepted", "`except TimeoutError`: `self.waiting`"
            )
        await skip(env, handle, timedelta(days=2), look)
        if refusal := await decide_now(handle, "call-2-1", True):
            raise NotYet("a yes on the second day to be accepted", refusal, look)
        await need_end_now(handle, look)
        result = await end_of(handle, "the run to complete after the yes", look)
        return dict(json.loads(result))
