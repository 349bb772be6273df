"""Agents in child workflows: they run at the same time, on a queue of their own."""

from __future__ import annotations

import asyncio
import contextlib
import importlib
from collections.abc import AsyncIterator, Sequence
from types import ModuleType
from typing import TYPE_CHECKING, Any

from workshop.checks.agent_runs import need_files
from workshop.checks.agent_workers import plugin
from workshop.checks.bench import Bench, NotYet, describe, need
from workshop.checks.endings import beside, ending_of, result_of
from workshop.checks.fresh import STATES as FIFTY
from workshop.checks.fresh import Fresh
from workshop.checks.histories import ChildRun, child_runs, timers_of
from workshop.checks.outcomes import shorten
from workshop.checks.registry import exercise
from workshop.checks.workflows import handle_of, running_worker, task_queue
from workshop.exercises.documentation import TEMPORAL
from workshop.exercises.micro_agents.asked import STATES
from workshop.exercises.micro_agents.last_first import last_first
from workshop.exercises.micro_agents.project import FOLDER, TEAM, activities

if TYPE_CHECKING:
    from temporalio.client import Client, WorkflowHandle

    from workshop.lab.faults import Fault

_CHILD = "`workflow.execute_child_workflow(...)`"
_RUN = "the body of `Office.run`"


@exercise(
    proves="The children began at the same time on their own task queue, and the parent joined their answers.",
    hints=(
        "A child workflow is awaited like an agent's run. How did three of those run side by side?",
        f"`workflow.execute_child_workflow(Forecast.run, state, id=..., task_queue=...)`: {TEMPORAL}/child-workflows",
        "own = workflow.info().workflow_id\nchildren = [\n    workflow.execute_child_workflow(\n"
        '        Forecast.run, state, id=f"{own}-{state}", task_queue=FORECASTS\n    )\n    for state in states\n]\n'
        'return "\\n\\n".join(await asyncio.gather(...))',
    ),
    timeout=60,
)
async def office(bench: Bench) -> str:
    """The lesson's states; a second office meanwhile; four other states, the first answered last; a failed child."""
    need_files(bench, *TEAM, f"{FOLDER}/forecast.py")
    seen = await bench.run(_probe_office, list(STATES), bench.scope)
    await _judge(bench, bench.scope, STATES, seen)
    if not seen["together"]:
        raise NotYet(
            "the three children to run at the same time",
            "while one was waiting for its weather alerts, the others had not begun",
            "`asyncio.gather`: without an `await` before each child",
        )
    states = _states(Fresh(bench.exercise.id))
    other = await bench.run(_probe_last_first, states, f"{bench.scope}-fresh")
    await _judge(bench, f"{bench.scope}-fresh", states, other)
    with bench.fault("model", "status", status=400, after=1, calls=1):
        ended, result = await bench.run(_probe_failed, list(STATES), f"{bench.scope}-refused")
    if ended != "failed":
        got = f"it completed, with {shorten(str(result), 120)!r}" if ended == "completed" else f"it {ended}"
        raise NotYet("an office with a failed forecast to fail", got, _RUN)
    return ""


def _states(fresh: Fresh) -> list[str]:
    """Four states: two with the same first letter, and not in the order of the alphabet."""
    initials = [one[0] for one in FIFTY]
    first = fresh.state(*STATES, *[one for one in FIFTY if initials.count(one[0]) < 4])
    others = fresh.states(2, *STATES)
    second = fresh.state(*STATES, *[one for one in FIFTY if one[0] != first[0]])
    states = [first, *others, second]
    return states if states != sorted(states) else states[::-1]


async def _judge(bench: Bench, workflow_id: str, states: Sequence[str], seen: dict[str, Any]) -> None:
    handle = await handle_of(bench, workflow_id)
    children = await child_runs(handle)
    if sorted(one.input for one in children) != sorted((state,) for state in states):
        got = ", ".join(f"{one.name}({', '.join(map(str, one.input))})" for one in children) or "none"
        raise NotYet(f"a child for each of {', '.join(states)}", got, _CHILD)
    _need_queue(children, seen["queue"])
    if limits := [one.limit for one in children if one.limit]:
        raise NotYet("children that may take as long as they need", f"a limit of {limits[0]:g} s", _CHILD)
    if any(one.endless for one in children):
        got = "a retry policy without an end: a child that fails is begun again for ever"
        raise NotYet("an office that fails if a forecast fails", got, f"{_CHILD}: `retry_policy=`")
    if timers := await timers_of(handle):
        raise NotYet("children that may take as long as they need", f"a timer of {timers[0]:g} s", _RUN)
    if seen["result"] == "\n\n".join(seen["answers"]):
        return
    result = seen["result"]
    if isinstance(result, str) and sorted(result.split("\n\n")) == sorted(
        "\n\n".join(seen["answers"]).split("\n\n")
    ):
        raise NotYet(
            "the answers in the order of the states, whichever comes first",
            "they are in another order: in that of their ends, or sorted",
            "the `return` of `run`",
        )
    raise NotYet(
        "the children's answers with an empty line between two of them",
        describe(result),
        "the `return` of `run`",
    )


def _need_queue(children: Sequence[ChildRun], queue: str) -> None:
    if other := [one.queue for one in children if one.queue != queue]:
        raise NotYet(
            f"children on the queue FORECASTS, {queue!r}",
            f"a child on the queue {other[0]!r}",
            f"{_CHILD}: `task_queue=FORECASTS`",
        )


@contextlib.asynccontextmanager
async def _workers(module: ModuleType, what: Sequence[Any] = ()) -> AsyncIterator[tuple[Client, str]]:
    """In the child: a worker for the office, and one for the forecasts; a client, and the queue of the forecasts."""
    defined = need(module, "Office", type, "a class")
    forecast = importlib.import_module("my.micro_agents.forecast").Forecast
    queue = importlib.import_module("my.micro_agents.shared").FORECASTS
    given = list(what) or activities()
    # A child that were sent to the parent's queue would find a worker that does not know it; it is judged all the same.
    async with (
        running_worker(plugins=[plugin()], workflows=[defined, forecast], activities=given) as client,
        running_worker(client=client, queue=queue, workflows=[forecast], activities=given),
    ):
        yield client, queue


async def _probe_office(module: ModuleType, states: list[str], workflow_id: str) -> dict[str, Any]:
    from workshop.lab.faults import fault

    async with _workers(module) as (client, queue):
        with fault("weather", "delay", delay=20) as held:
            handle = await client.start_workflow("Office", states, id=workflow_id, task_queue=task_queue())
            together = await _all_begun(handle, held, len(states))
            _need_queue(await child_runs(handle), queue)
            if together:
                await _need_own_ids(client, handle, states[:1])
        return {**await _told(client, handle, states), "queue": queue, "together": together}


async def _probe_last_first(module: ModuleType, states: list[str], workflow_id: str) -> dict[str, Any]:
    """In the child: what an office says whose first child ends last."""
    found: list[WorkflowHandle[Any, Any]] = []

    async def ended() -> int:
        if not found:
            return 0
        history = await found[0].fetch_history()
        return sum(
            one.HasField("child_workflow_execution_completed_event_attributes") for one in history.events
        )

    async with _workers(module, last_first(states, ended)) as (client, queue):
        found.append(await client.start_workflow("Office", states, id=workflow_id, task_queue=task_queue()))
        return {**await _told(client, found[0], states), "queue": queue}


async def _probe_failed(module: ModuleType, states: list[str], workflow_id: str) -> list[Any]:
    async with _workers(module) as (client, _):
        handle = await client.start_workflow("Office", states, id=workflow_id, task_queue=task_queue())
        ended = await ending_of(handle, _RUN)
        return [ended, await handle.result() if ended == "completed" else None]


async def _told(client: Client, handle: WorkflowHandle[Any, Any], states: Sequence[str]) -> dict[str, Any]:
    """The result of an office, and what its children said, in the order of the states."""
    result = await result_of(handle, _RUN)
    children = await child_runs(handle)
    answers = [
        await result_of(client.get_workflow_handle(child.id), _RUN, what="the child")
        for state in states
        for child in children
        if child.input == (state,)
    ]
    return {"result": result, "answers": answers}


async def _all_begun(handle: WorkflowHandle[Any, Any], held: Fault, number: int) -> bool:
    """Whether a run asks for so many children although the weather service keeps the first ones waiting.

    Raises:
        NotYet: the parent has failed before that.
    """

    async def begun() -> bool:
        idle = 0
        while len(await child_runs(handle)) < number:
            # A child waits, and the parent has nothing to do: it waits for that child. Seen more than once, for
            # the parent hears of a child's start a little later than the child.
            described = (await handle.describe()).raw_description
            waits = held.hits > 0 and not described.HasField("pending_workflow_task")
            idle = idle + 1 if waits else 0
            if idle == 4:
                return False
            await asyncio.sleep(0.3)
        return True

    try:
        together = await beside(handle, begun(), _RUN, expected="three children at work", timeout=12)
    except NotYet:
        # Of two children with one id the server refuses the second, and that ends the run.
        await _need_different_ids(handle)
        raise
    await _need_different_ids(handle)
    return together


async def _need_different_ids(handle: WorkflowHandle[Any, Any]) -> None:
    ids = [one.id for one in await child_runs(handle)]
    if twice := next((one for one in ids if ids.count(one) > 1), None):
        raise NotYet(
            "three children, each with its own id",
            f"two would have the id {twice!r}",
            "`id=` of workflow.execute_child_workflow: the state in it",
        )


async def _need_own_ids(client: Client, handle: WorkflowHandle[Any, Any], states: list[str]) -> None:
    """Start a second parent for some of the states while the first one's children are at work.

    Raises:
        NotYet: a child of the second needs the id of one of the first.
    """
    other = await client.start_workflow("Office", states, id=f"{handle.id}-2", task_queue=task_queue())

    async def asked_for() -> set[str]:
        while not (children := await child_runs(other)):  # noqa: ASYNC110 - it only looks
            await asyncio.sleep(0.1)
        return {one.id for one in children}

    ids = await beside(other, asked_for(), _RUN, expected="a second office to begin", timeout=20)
    if ids & {one.id for one in await child_runs(handle)}:
        raise NotYet(
            "children of two offices that work at the same time, each with its own id",
            f"both wanted the id {min(ids)!r}",
            "`id=` of workflow.execute_child_workflow: the parent's id in it",
        )
