"""A chat that goes on in a new run, while somebody is being answered."""

from __future__ import annotations

import asyncio
import contextlib
import json
import time
from collections.abc import Awaitable, Collection, Sequence
from types import ModuleType
from typing import TYPE_CHECKING, Any

from workshop.checks.agent_runs import MODEL_CALL, asked_in
from workshop.checks.agent_workers import plugin
from workshop.checks.bench import Bench, NotYet, describe, need
from workshop.checks.endings import result_of
from workshop.checks.fresh import Fresh
from workshop.checks.histories import activity_runs, child_runs, timers_of
from workshop.checks.registry import exercise
from workshop.checks.workflows import connect, running_worker, task_queue
from workshop.exercises.documentation import TEMPORAL
from workshop.exercises.people.project import activities, project
from workshop.exercises.people.talk import answer_of, history_of, judge_chat, judge_lines, need_chat

if TYPE_CHECKING:
    from temporalio.client import WorkflowHandle


@exercise(
    proves="The chat continued in new runs while a message was being answered, lost nothing, and ended when it was"
    " left.",
    hints=(
        "What may still be going on at the moment when the chat becomes too long?",
        f"`workflow.wait_condition(workflow.all_handlers_finished)`, then `workflow.continue_as_new(...)`: "
        f"{TEMPORAL}/continue-as-new",
        "await workflow.wait_condition(lambda: self.over or self.is_long())\n"
        "await workflow.wait_condition(workflow.all_handlers_finished)\nif not self.over:\n"
        "    workflow.continue_as_new(Carried(...))",
    ),
    timeout=60,
)
async def long_chat(bench: Bench) -> str:
    """Twelve messages in three runs, some of them at once; twice somebody leaves while being answered."""
    words = ("river", "mountain", "sea", "moon", "forest", "desert", "glacier", "island", "valley", "storm")
    texts = [f"What does the {word} dream of?" for word in words]
    texts += [f"What does the {word} dream of?" for word in Fresh(bench.exercise.id).text().split()[:2]]
    with project(bench):
        seen = await bench.run(_probe_long_chat, bench.scope, texts)
        await bench.run(_probe_left, f"{bench.scope}-left", texts[0])
    handles = await _runs(bench)
    runs = [await activity_runs(handle) for handle in handles]
    for handle in handles:
        if timers := await timers_of(handle):
            got = f"the run sets a timer of {timers[0]:g} s"
            raise NotYet("the handlers to be waited for, however long they take", got, "the body of `run`")
    _judge_lengths([{asked_in(run) for run in one if run.name == MODEL_CALL} for one in runs])
    judge_chat([run for one in runs for run in one], texts, seen["answers"], "`Carried(...)` and `say`")
    judge_lines(seen["lines"], texts, seen["answers"], _LINES)
    counted = f"{len(texts)} messages, {len(seen['lines'])} lines in `history`, {len(runs)} runs"
    return f"{counted}: each run knew the whole conversation."


_LINES = "`Carried(...)`: `self.lines`"


def _judge_lengths(turns: Sequence[Collection[Any]]) -> None:
    look = "`workflow.continue_as_new(...)`"
    if len(turns) < 2:
        got = f"after {len(turns[0])} messages it was the same run"
        waits = f"the body of `run`: until when it waits, and that {look} comes after it"
        raise NotYet("the chat to continue as new after three turns", got, waits)
    for one in turns[:-1]:
        if len(one) < 3:
            got = f"one run ended after {len(one)}"
            raise NotYet("each run to last for three turns, unless the chat is over", got, "`self.is_long()`")
    if len(turns) > 3:
        got = f"{len(turns)} runs for {sum(map(len, turns))} messages: the last began although the chat was over"
        raise NotYet("no new run once the chat is over", got, f"{look}: `if not self.over`, checked last")


async def _runs(bench: Bench) -> list[WorkflowHandle[Any, Any]]:
    """The runs of the chat, from the first one on."""
    client = await connect(bench)
    found: list[WorkflowHandle[Any, Any]] = []
    run_id: str | None = (await client.get_workflow_handle(bench.scope).describe()).run_id
    while run_id:
        found.insert(0, client.get_workflow_handle(bench.scope, run_id=run_id))
        first = await anext(aiter(found[0].fetch_history_events(page_size=1)))
        run_id = first.workflow_execution_started_event_attributes.continued_execution_run_id
    return found


async def _probe_long_chat(module: ModuleType, workflow_id: str, texts: list[str]) -> dict[str, Any]:
    from workshop.errors import LabTimeout
    from workshop.lab.faults import fault

    defined = need_chat(module, "LongChat")
    carried = need(module, "Carried", type, "a class")
    look = "the body of `run`"
    answers: list[Any] = []
    async with running_worker(**_what(defined)) as client:
        await client.start_workflow("LongChat", carried(), id=workflow_id, task_queue=task_queue())
        handle = client.get_workflow_handle(workflow_id)

        async def say(*said: str) -> None:
            for text in said:
                answers.append(await _answer(handle, handle.execute_update("say", text), look))

        async def at_once(*said: str, late: str = "", leave: bool = False) -> None:
            """Say several things, of which the first makes the chat long; something more while the next is answered."""
            first = fault("model", "delay", delay=20)
            asked = [await _accepted(handle, text) for text in said]
            with contextlib.suppress(LabTimeout):
                await first.hit(timeout=5)
            with fault("model", "delay", delay=20) as held:
                # Only now, so that both were there before the first had its answer.
                first.clear()
                with contextlib.suppress(LabTimeout):
                    await held.hit(timeout=5)
                if late:
                    asked.append(await _accepted(handle, late))
                if leave:
                    await _leave(handle)
            for update in asked:
                answers.append(await _answer(handle, update.result(), look))

        await say(*texts[:2])
        await at_once(*texts[2:4], late=texts[4])
        await _need_carried(handle)
        await say(*texts[5:10])
        await _need_carried(handle, after=10)
        lines = await history_of(handle)
        judge_lines(lines, texts[:10], answers, _LINES)
        await at_once(*texts[10:12], leave=True)
        await _need_end(handle)
        lines = await history_of(handle)
    return {"answers": answers, "lines": lines}


async def _answer(handle: WorkflowHandle[Any, Any], update: Awaitable[Any], look: str) -> Any:
    try:
        return await answer_of(handle, update, look)
    except NotYet as problem:
        if "the run completed before that" not in problem.got:
            raise
        got = "the run completed, although nobody had left"
        raise NotYet(
            "the chat to continue as new when it is long", got, "`workflow.continue_as_new(...)`"
        ) from None


async def _need_carried(handle: WorkflowHandle[Any, Any], after: int = 0) -> None:
    """See what the present run was passed, if it has begun as a new one.

    Args:
        handle: The chat, whatever its run.
        after: Messages after which it must have begun as a new one; 0 if it still may.

    Raises:
        NotYet: no `Carried`, or one whose parts are not what their names say; or still the first run.
    """
    first = await anext(aiter(handle.fetch_history_events(page_size=1)))
    started = first.workflow_execution_started_event_attributes
    if not started.continued_execution_run_id:
        if children := await child_runs(handle):
            got = f"it starts a child workflow, {children[0].name}, with an id of its own, and goes on"
            raise NotYet("the chat to continue as new", got, "`workflow.continue_as_new(...)`")
        if after:
            _judge_lengths([range(after)])
        return
    given = [json.loads(one.data) if one.data else None for one in started.input.payloads]
    look = "`Carried(...)`: `self.items` and `self.lines`"
    if len(given) != 1 or not isinstance(given[0], dict):
        raise NotYet("the new run to be passed a `Carried`", ", ".join(map(describe, given)), look)
    for name, kind, what in (("items", dict, "an item of the conversation"), ("lines", str, "a text")):
        if other := next((one for one in given[0].get(name, []) if not isinstance(one, kind)), None):
            expected = f"`{name}` of the `Carried` that the new run is passed to hold `self.{name}`"
            raise NotYet(expected, f"{describe(other)} is not {what}", look)


async def _accepted(handle: WorkflowHandle[Any, Any], text: str) -> Any:
    from temporalio.client import WorkflowUpdateStage

    update = handle.start_update("say", text, wait_for_stage=WorkflowUpdateStage.ACCEPTED)
    return await answer_of(handle, update, "the body of `run`")


async def _probe_left(module: ModuleType, workflow_id: str, text: str) -> None:
    """In the child: somebody leaves while the only message is being answered."""
    from workshop.errors import LabTimeout
    from workshop.lab.faults import fault

    defined = need_chat(module, "LongChat")
    carried = need(module, "Carried", type, "a class")
    look = "the body of `run`: somebody may leave while a message is being answered"
    async with running_worker(**_what(defined)) as client:
        handle = await client.start_workflow("LongChat", carried(), id=workflow_id, task_queue=task_queue())
        with fault("model", "delay", delay=20) as held:
            update = await _accepted(handle, text)
            with contextlib.suppress(LabTimeout):
                await held.hit(timeout=5)
            await _leave(handle)
        await answer_of(handle, update.result(), look)
        await _need_end(handle, "`self.over`: waited for, and looked at after the handlers have finished")


async def _leave(handle: WorkflowHandle[Any, Any]) -> None:
    """Leave, and wait until the run has taken a step since: five seconds at most, for it may fail in it.

    On a busy machine it would otherwise hear of this together with the answer that is held back: not before it.
    """
    from temporalio.api.enums.v1 import EventType

    await handle.signal("leave")
    until = time.monotonic() + 5
    while time.monotonic() < until:
        kinds = [event.event_type for event in (await handle.fetch_history()).events]
        left = EventType.EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED
        if left in kinds and EventType.EVENT_TYPE_WORKFLOW_TASK_COMPLETED in kinds[kinds.index(left) :]:
            return
        await asyncio.sleep(0.05)


async def _need_end(
    handle: WorkflowHandle[Any, Any], look: str = "`self.over`: looked at after the handlers have finished"
) -> None:
    try:
        await result_of(handle, "the body of `run`", what="the chat, once it was left,", timeout=7)
    except NotYet as problem:
        if "it waits" not in problem.got:
            raise
        expected = "the chat to end when somebody has left it while another was being answered"
        got = "it goes on: it waits, in this run or in a new one, as if nobody had left"
        raise NotYet(expected, got, look) from None


def _what(defined: Any) -> dict[str, Any]:
    return {
        "plugins": [plugin()],
        "workflows": [defined],
        "activities": [activities().get_weather_alerts],
    }
