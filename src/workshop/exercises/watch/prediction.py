"""A prediction: how a history grows that keeps the whole conversation."""

from __future__ import annotations

from types import ModuleType
from typing import Any

from workshop.checks.agent_workers import plugin
from workshop.checks.bench import Bench, NotYet
from workshop.checks.endings import result_of
from workshop.checks.registry import exercise
from workshop.checks.workflows import connect, probe_numbers, running_worker, task_queue
from workshop.exercises.watch.project import activities, project
from workshop.runs.budget import KINDS, Budget, measure

_CHECKS = 20
_KB = 1024
_NEAR = 0.25
"""A guess may be off by a quarter."""
_POINTS = 5


@exercise(
    proves="The history grows with the square of the conversation, for each call records all that is sent again.",
    hints=(
        "What does the model get to read in check 5, and what in check 10? What of it is new?",
        "Look at *Turn by turn* of `show.budget(five)`: each turn adds more than the one before. "
        "Add up what twenty and what forty turns add; all of it is events: https://docs.temporal.io/workflow-execution/event",
        "Turn 10 added 9 KB and turn 1 added 3: about 0.5 KB more with each turn, so that n turns add up to "
        "3 n + 0.25 n² KB and some more. `share` goes up with it: what grows is what is sent.",
    ),
    timeout=90,
    not_replayed="its run is that of the course's own watch",
)
async def prediction(bench: Bench) -> str:
    """A run with twenty checks, measured after ten and at its end."""
    with project(bench):
        predicted = await bench.run(probe_numbers, ["after_10", "after_20", "share"])
        await bench.run(_probe_run, bench.scope, file="my/watch/watch.py")
    seen = await _measured(bench)
    half = seen.after(_CHECKS).bytes / _KB
    whole = seen.bytes / _KB
    share = 100 * seen.kinds[KINDS[0]].bytes / seen.bytes
    for name, right in (("after_10", half), ("after_20", whole)):
        if abs(predicted[name] - right) > right * _NEAR:
            more = "more" if predicted[name] < right else "less"
            raise NotYet(
                f"{name} within a quarter of what it really is",
                f"{predicted[name]}; it is {more}",
                f"`{name}`",
            )
    if abs(predicted["share"] - share) > _POINTS:
        more = "more" if predicted["share"] < share else "less"
        raise NotYet(
            f"share within {_POINTS} points of what it really is",
            f"{predicted['share']}; it is {more}",
            "`share`",
        )
    return f"It came out as: {half:.0f} KB after 10 checks, {whole:.0f} KB after 20; {share:.0f}% of it was sent."


async def _probe_run(module: ModuleType, workflow_id: str) -> Any:
    async with running_worker(
        plugins=[plugin()], workflows=[module.Watch], activities=activities()
    ) as client:
        handle = await client.start_workflow("Watch", _CHECKS, id=workflow_id, task_queue=task_queue())
        return await result_of(
            handle, "`my/watch/watch.py`", timeout=75
        )  # 40 turns, however busy the machine


async def _measured(bench: Bench) -> Budget:
    client = await connect(bench)
    handle = client.get_workflow_handle(bench.scope)
    events = [event async for event in handle.fetch_history_events()]
    return await measure(events, client.data_converter, "", portable=True)
