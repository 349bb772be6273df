"""One more step, for new runs only: old runs replay and go on without it."""

from __future__ import annotations

import asyncio
import importlib
from types import ModuleType
from typing import TYPE_CHECKING, Any

from workshop.checks.bench import Bench, NotYet, need, place_of
from workshop.checks.histories import scheduled_activities
from workshop.checks.registry import exercise
from workshop.checks.replays import misfit_of
from workshop.exercises.change.old_runs import old_runs, on_stage, until_it_sleeps
from workshop.exercises.change.project import project
from workshop.exercises.documentation import TEMPORAL

if TYPE_CHECKING:
    from temporalio.client import WorkflowHandle

_DAY = ["invoke_model_activity", "get_weather_alerts", "invoke_model_activity"]
_LOOK = '`if workflow.patched("news"):`'
_PATIENCE = 20.0


@exercise(
    proves="A new run told its subscribers each day; two old runs replayed, and one of them ended without the step.",
    hints=(
        "What tells your code, on replay, that a run was begun before the new step was there?",
        f"`workflow.patched(...)`, and `workflow.execute_activity(...)` below it: {TEMPORAL}/versioning#patching",
        'log.append(...)\nif workflow.patched("news"):\n    await workflow.execute_activity(tell_subscribers, ...)',
    ),
    timeout=60,
)
async def news(bench: Bench) -> str:
    """Replay old runs, let one go on, and run a new one, all on a server whose days pass at once."""
    with project(bench):
        return str(await bench.run(_probe_news))


async def _probe_news(module: ModuleType) -> str:
    defined = need(module, "Watch", type, "a class")
    definition = getattr(defined, "__temporal_workflow_definition", None)
    if definition is None or definition.name != "Watch":
        raise NotYet("`Watch`, a workflow of that name", "another one, or none", place_of(module))
    for name, history in (await old_runs()).items():
        if misfit := await misfit_of(history, defined, agents=True, values=False):
            raise NotYet(f"an old run that {name} to replay with your code", misfit.got, _LOOK)
    double = importlib.import_module("my.change.doubles")
    replies = [double.asks("CA"), double.says("A flood watch."), double.asks("TX"), double.says("Nothing.")]
    await _judge_new(defined, replies)
    await _judge_old(defined, replies)
    return "The old run went on as it had begun; the new one told its subscribers twice."


async def _judge_new(defined: type, replies: list[Any]) -> None:
    async with on_stage(*replies, workflow=defined) as (client, Watch):
        handle = await client.start_workflow(Watch.run, ["California", "Texas"], id="new", task_queue="test")
        log = await _ended(handle)
        found = await scheduled_activities(handle)
        history = await handle.fetch_history()
    if log != ["A flood watch.", "Nothing."]:
        raise NotYet("the log of both days", repr(log), "`log.append(...)`")
    if found != [*_DAY, "tell_subscribers"] * 2:
        raise NotYet(
            "a new run to tell its subscribers after each answer",
            f"its activities: {', '.join(found)}",
            _LOOK,
        )
    told = [
        event.activity_task_scheduled_event_attributes.input.payloads[0].data.decode()
        for event in history.events
        if event.activity_task_scheduled_event_attributes.activity_type.name == "tell_subscribers"
    ]
    if told != ['"A flood watch."', '"Nothing."']:
        raise NotYet("each day's answer to be told", ", ".join(told), "`tell_subscribers`, answer")
    if misfit := await misfit_of(history, defined, agents=True):
        raise NotYet("a new run to replay", misfit.got, _LOOK)


async def _judge_old(defined: type, replies: list[Any]) -> None:
    """A run begins with the old code, sleeps, and wakes up with the new."""
    from temporalio.worker import Worker

    watch = importlib.import_module("my.change.watch").Watch
    stand_ins = importlib.import_module("my.change.stage").STAND_INS
    async with on_stage(*replies, workflow=watch) as (client, _):
        # Nothing is kept in memory, so that the second worker need not wait for what the first has kept.
        first = Worker(
            client, task_queue="old", workflows=[watch], activities=stand_ins, max_cached_workflows=0
        )
        async with first:
            handle = await client.start_workflow(
                watch.run, ["California", "Texas"], id="old", task_queue="old"
            )
            await asyncio.wait_for(until_it_sleeps(handle), _PATIENCE)
        async with Worker(client, task_queue="old", workflows=[defined], activities=stand_ins):
            log = await _ended(handle)
        found = await scheduled_activities(handle)
    if log != ["A flood watch.", "Nothing."] or found != _DAY * 2:
        raise NotYet(
            "a run that was begun before to go on without the new step",
            f"its activities: {', '.join(found)}",
            _LOOK,
        )


async def _ended(handle: WorkflowHandle[Any, Any]) -> Any:
    try:
        return await asyncio.wait_for(handle.result(), _PATIENCE)
    except TimeoutError:
        raise NotYet("the run to end", "it still runs", "the body of the loop") from None
