"""Agents in child workflows: they run at the same time, on a queue of their own."""

from __future__ import annotations

import asyncio
import importlib
from types import ModuleType
from typing import TYPE_CHECKING, Any

from workshop.checks.agent_runs import need_files
from workshop.checks.agent_workers import plugin
from workshop.checks.bench import Bench, NotYet, describe, need
from workshop.checks.endings import beside, result_of
from workshop.checks.histories import child_runs
from workshop.checks.registry import exercise
from workshop.checks.workflows import handle_of, running_worker, task_queue
from workshop.exercises.documentation import TEMPORAL
from workshop.exercises.micro_agents.asked import STATES
from workshop.exercises.micro_agents.project import FOLDER, TEAM, activities

if TYPE_CHECKING:
    from temporalio.client import Client, WorkflowHandle

    from workshop.lab.faults import Fault


@exercise(
    proves="Three children began at the same time on a queue of their own, and the parent joined what they said.",
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
    """The parent's worker does not know the child: only the forecasts' own worker can run it."""
    need_files(bench, *TEAM, f"{FOLDER}/forecast.py")
    seen = await bench.run(_probe_office, list(STATES), bench.scope)
    children = await child_runs(await handle_of(bench))
    look = "`workflow.execute_child_workflow(...)`"
    if sorted(one.input for one in children) != sorted((state,) for state in STATES):
        got = ", ".join(f"{one.name}({', '.join(map(str, one.input))})" for one in children) or "none"
        raise NotYet(f"a child for each of {', '.join(STATES)}", got, look)
    if any(one.queue != seen["queue"] for one in children):
        raise NotYet(
            "children on the queue FORECASTS", "a child on the parent's own queue", f"{look}: `task_queue=`"
        )
    if not seen["together"]:
        raise NotYet(
            "the three children to run at the same time",
            "while one was waiting for its weather alerts, the others had not begun",
            "`asyncio.gather`: without an `await` before each child",
        )
    wanted = "\n\n".join(seen["answers"])
    if seen["result"] != wanted:
        raise NotYet(
            "the children's answers with an empty line between two of them",
            describe(seen["result"]),
            "the `return` of `run`",
        )
    return ""


async def _probe_office(module: ModuleType, states: list[str], workflow_id: str) -> dict[str, Any]:
    from workshop.lab.faults import fault

    defined = need(module, "Office", type, "a class")
    forecast = importlib.import_module("my.micro_agents.forecast").Forecast
    queue = importlib.import_module("my.micro_agents.shared").FORECASTS
    look = "the body of `Office.run`"
    # A child that were sent to the parent's queue would find a worker that does not know it; it is judged all the same.
    async with (
        running_worker(plugins=[plugin()], workflows=[defined, forecast], activities=activities()) as client,
        running_worker(client=client, queue=queue, workflows=[forecast], activities=activities()),
    ):
        with fault("weather", "delay", delay=20) as held:
            handle = await client.start_workflow("Office", states, id=workflow_id, task_queue=task_queue())
            together = await _all_begun(handle, held, len(states))
            if together:
                await _need_own_ids(client, handle, states[:1])
        result = await result_of(handle, look)
        children = {one.input: client.get_workflow_handle(one.id) for one in await child_runs(handle)}
        answers = [await result_of(children[(state,)], look, what="the child") for state in states]
    return {"result": result, "answers": answers, "queue": queue, "together": together}


async def _all_begun(handle: WorkflowHandle[Any, Any], held: Fault, number: int) -> bool:
    """Whether a run asks for so many children although the weather service keeps the first ones waiting.

    Raises:
        NotYet: the parent has failed before that.
    """

    async def begun() -> bool:
        idle = 0
        while len(children := await child_runs(handle)) < number:
            # A child waits, and the parent has nothing to do: it waits for that child. Seen more than once, for
            # the parent hears of a child's start a little later than the child.
            described = (await handle.describe()).raw_description
            waits = held.hits > 0 and not described.HasField("pending_workflow_task")
            idle = idle + 1 if waits else 0
            if idle == 4:
                return False
            await asyncio.sleep(0.3)
        if len({one.id for one in children}) < number:
            raise NotYet(
                "three children, each with an id of its own",
                f"two were to have the id {children[-1].id!r}",
                "`id=` of workflow.execute_child_workflow: the state in it",
            )
        return True

    look = "the body of `Office.run`"
    return await beside(handle, begun(), look, expected="three children at work", timeout=20)


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

    look = "the body of `Office.run`"
    ids = await beside(other, asked_for(), look, expected="a second office to begin", timeout=20)
    if ids & {one.id for one in await child_runs(handle)}:
        raise NotYet(
            "children of two offices that work at the same time, each with an id of its own",
            f"both wanted the id {min(ids)!r}",
            "`id=` of workflow.execute_child_workflow: the parent's id in it",
        )
