"""What the model is told of a tool call, and how a cancelled run ends."""

from __future__ import annotations

import asyncio
import json
from types import ModuleType
from typing import TYPE_CHECKING, Any

from workshop.checks.bench import Bench, NotYet, describe, need_function
from workshop.checks.endings import ending_of, result_of
from workshop.checks.histories import ActivityRun, activity_runs
from workshop.checks.registry import exercise
from workshop.checks.workflows import handle_of, running_worker, task_queue
from workshop.exercises.tool_times import judge_times

if TYPE_CHECKING:
    from temporalio.client import WorkflowHandle

_TEMPORAL = "https://docs.temporal.io"

_ANSWER = "`answer`"


@exercise(
    proves="The model learns what a tool returned or why it failed, and a cancelled run ends as cancelled.",
    hints=(
        'The error that arrives says "Activity task failed". Where are the tool\'s own words?',
        "`except ActivityError as error`: its `cause` is what the activity raised. Before anything else, "
        f"`is_cancelled_exception(error)`: {_TEMPORAL}/develop/python/cancellation",
        'try:\n    output = await workflow.execute_activity(call["name"], call["arguments"], result_type=str,\n'
        "        start_to_close_timeout=TIMEOUT, retry_policy=ATTEMPTS)\nexcept ActivityError as error:\n"
        '    if is_cancelled_exception(error):\n        raise\n    output = f"... {error.cause}"',
    ),
    timeout=90,
)
async def tool_calls(bench: Bench) -> str:
    """Four calls at once, to a tool that answers and three that fail; then runs that are cancelled meanwhile."""
    names = ("echo", "broken", "picky", "hung")
    answers = await bench.run(_probe_answers, [_call(name) for name in names], bench.scope)
    runs = {one.name: one for one in await activity_runs(await handle_of(bench))}
    for name, answered in zip(names, answers, strict=True):
        _judge_answer(name, answered, runs.get(name))
    prefix = f"{bench.scope}-cancelled"
    ends = await bench.run(_probe_cancelled, [_call(name) for name in _CANCELLED], prefix)
    for (name, moment), ended in zip(_CANCELLED.items(), ends, strict=True):
        if ended != "cancelled":
            raise NotYet(
                f"a run that is cancelled {moment} to end as cancelled",
                f"it ended as {ended}" if ended else "it goes on",
                f"{_ANSWER}: `is_cancelled_exception(error)` comes first"
                if ended
                else f"{_ANSWER}: what keeps the cancellation from the activity",
            )
        if not await _told_the_activity(await handle_of(bench, f"{prefix}-{name}")):
            raise NotYet(
                f"the activity of a run that is cancelled {moment} to be cancelled with it",
                "it goes on after the run has ended",
                f"{_ANSWER}: what keeps the cancellation from the activity",
            )
    return ""


_CANCELLED = {"slow": "while a tool works", "waiting": "between two attempts"}
"""What a run waits for when it is cancelled, by the name of the tool."""


async def _told_the_activity(handle: WorkflowHandle[Any, Any]) -> bool:
    """Whether a run has asked for the cancellation of its activity."""
    requested = [
        event.HasField("activity_task_cancel_requested_event_attributes")
        async for event in handle.fetch_history_events()
    ]
    return any(requested)


def _call(name: str) -> dict[str, str]:
    arguments = json.dumps({"state": "CA", "asked": f"of {name}"})
    return {"type": "function_call", "call_id": f"call_{name}", "name": name, "arguments": arguments}


def _judge_answer(name: str, answered: Any, run: ActivityRun | None) -> None:
    from workshop.exercises.native_agent.counterparts import BROKEN, PICKY

    if run is None or list(run.input) != [_call(name)["arguments"]]:
        raise NotYet(
            f"an activity {name} that is given the call's arguments, a string",
            f"the arguments {list(run.input)}" if run else "no activity of that name",
            f"{_ANSWER}: the first two arguments of `execute_activity`",
        )
    output = answered.get("output") if isinstance(answered, dict) else None
    if name == "echo" and output != _call(name)["arguments"]:
        raise NotYet("what the tool returned as the output", describe(output), _ANSWER)
    wanted = {"echo": "", "broken": BROKEN, "picky": PICKY, "hung": ""}[name]
    if not isinstance(output, str):
        raise NotYet("an output that is a text, for the model to read", describe(output), _ANSWER)
    if name == "hung":
        # Its time was cut by the check, and its words are the server's: any will do.
        if not output.strip():
            raise NotYet("an output that says that the tool took too long", describe(output), _ANSWER)
        return
    if wanted not in str(output):
        raise NotYet(
            f"an output that holds the tool's own message: {wanted!r}",
            describe(output),
            f"{_ANSWER}: the `cause` of the ActivityError",
        )
    attempts = 3 if name == "broken" else 1
    if run.attempts != attempts:
        what = "a tool that fails" if name == "broken" else "a ValueError"
        raise NotYet(
            f"{attempts} attempt{'s' if attempts > 1 else ''} for {what}",
            f"{run.attempts}",
            f"{_ANSWER}: `retry_policy=ATTEMPTS`",
        )
    judge_times(run, f"{_ANSWER}: what `execute_activity` is given")
    if answered.get("call_id") != _call(name)["call_id"]:
        raise NotYet(f"the call_id of the call, {_call(name)['call_id']}", describe(answered), _ANSWER)


async def _probe_answers(module: ModuleType, calls: list[dict[str, str]], workflow_id: str) -> Any:
    from workshop.exercises.native_agent.counterparts import Answers, HungTools, any_tool

    need_function(module, "answer", is_async=True)
    look = f"{_ANSWER}: where it catches the ActivityError"
    worker = running_worker(workflows=[Answers], activities=[any_tool], interceptors=[HungTools()])
    async with worker as client:
        handle = await client.start_workflow("Answers", calls, id=workflow_id, task_queue=task_queue())
        return await result_of(handle, look, what="each call to be answered, and the run", timeout=45)


async def _probe_cancelled(module: ModuleType, calls: list[dict[str, str]], prefix: str) -> list[str]:
    from workshop.exercises.native_agent.counterparts import Answers, any_tool

    async with running_worker(workflows=[Answers], activities=[any_tool]) as client:

        async def ended(call: dict[str, str]) -> str:
            handle = await client.start_workflow(
                "Answers", [call], id=f"{prefix}-{call['name']}", task_queue=task_queue()
            )
            await _until_under_way(handle, between=call["name"] == "waiting")
            await handle.cancel()
            try:
                return await ending_of(handle, _ANSWER, what="the cancelled run", timeout=15)
            except NotYet:
                return ""

        return await asyncio.gather(*[ended(call) for call in calls])


async def _until_under_way(handle: WorkflowHandle[Any, Any], *, between: bool) -> None:
    """Wait until the run's activity is in its first attempt, or in the pause after it."""
    from temporalio.api.enums.v1 import PendingActivityState

    started = PendingActivityState.PENDING_ACTIVITY_STATE_STARTED
    for _ in range(400):
        for one in (await handle.describe()).raw_description.pending_activities:
            if one.HasField("last_failure") if between else one.state == started:
                return
        await asyncio.sleep(0.05)
    raise NotYet("the activity of the tool", "none is under way", _ANSWER)
