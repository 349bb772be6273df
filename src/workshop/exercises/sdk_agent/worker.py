"""A worker for the agent: a process of the learner's own file."""

from __future__ import annotations

import asyncio
import contextlib
import os
from types import ModuleType
from typing import TYPE_CHECKING, Any

from workshop.checks.agent_runs import answered, judge_steps
from workshop.checks.bench import Bench, NotYet, need_function
from workshop.checks.endings import beside, process_ended
from workshop.checks.endurance import need_endurance
from workshop.checks.histories import activity_runs
from workshop.checks.registry import exercise
from workshop.checks.workflows import start_run
from workshop.exercises.documentation import TEMPORAL
from workshop.exercises.numbering import lesson
from workshop.exercises.questions import HAIKU, WHERE_I_AM
from workshop.exercises.sdk_agent.project import QUEUE, need_agent
from workshop.exercises.steps import WHERE_STEPS

if TYPE_CHECKING:
    from temporalio.client import WorkflowHandle

    from workshop.lab.processes import Process


_WORKER = "Worker(...)"


@exercise(
    proves="Your worker answered a question with model calls and three tools, and waits for the next one.",
    hints=(
        f"It is the worker of {lesson('native_agent')}, with fewer arguments. What does it run, and where does the "
        "plugin come from?",
        f"`Worker(client, task_queue=..., workflows=[...], activities=TOOLS)`: {TEMPORAL}/workers/run-worker-process",
        "worker = Worker(\n    client,\n    task_queue=TASK_QUEUE,\n    workflows=[WeatherAgent],\n"
        "    activities=TOOLS,\n    sticky_queue_schedule_to_start_timeout=STICKY,\n)\nawait worker.run()",
    ),
    timeout=60,
    note="starts your worker: a few seconds",
)
async def worker(bench: Bench) -> str:
    """A process of the learner's file does a question that needs all three tools, and is killed; `main` works a day."""
    need_agent(bench)
    process = await bench.process()
    handle = await start_run(bench, "WeatherAgent", WHERE_I_AM, queue=QUEUE)
    try:
        answer = await answered(handle, process, f"the arguments of {_WORKER}")
    except NotYet as error:
        if "Failed validating workflow" in error.got:
            why = "that happens without the plugin, which comes with the client of `connect()`"
            # What the sandbox says of it would lead to the imports of workflow.py.
            got = error.got.partition(": RestrictedWorkflowAccessError")[0]
            raise NotYet(error.expected, f"{got}; {why}", f"the `client` of {_WORKER}") from None
        if "is not registered on this worker" in error.got:
            raise NotYet(error.expected, error.got, f"`activities=` of {_WORKER}") from None
        raise
    judge_steps(await activity_runs(handle), WHERE_STEPS, WHERE_I_AM, f"`activities=` of {_WORKER}")
    if not process.running:
        raise process_ended(process, "a worker that keeps waiting for work", "`await worker.run()`")
    await _judge_stickiness(bench, process)
    await bench.run(_probe_day, HAIKU, bench.scope)
    return f"It answered: {answer}"


async def _probe_day(module: ModuleType, question: str, workflow_id: str) -> None:
    """Have `main` answer a question, let a day pass on its event loop's clock, and have it answer another one."""
    await need_endurance(
        need_function(module, "main", is_async=True),
        "WeatherAgent",
        question,
        queue=f"{QUEUE}-{os.environ['WORKSHOP_SCOPE']}",
        prefix=workflow_id,
        what="a question to the agent",
    )


_STICKY = 2.0
_TOO_LONG = 8.0
"""Seconds between the task's two and the SDK's ten: a busy server's timers are late."""

_NOTICED = 0.5
"""Seconds after which the server knows that a dead worker asks for nothing: it would still be given the step."""


async def _judge_stickiness(bench: Bench, process: Process) -> None:
    """Kill the worker in mid-run, and see how long a step is kept for it.

    Raises:
        NotYet: longer than the task says.
    """
    handle = await start_run(bench, "WeatherAgent", HAIKU, queue=QUEUE, workflow_id=f"{bench.scope}-kept")
    with bench.fault("model", "delay", delay=60) as held:
        await beside(
            handle, held.hit(timeout=20), _WORKER, expected="a model call", process=process, timeout=20
        )
        process.kill()
        await asyncio.sleep(_NOTICED)
        # A step for the dead worker: its code hears of a signal, whether it knows it or not.
        await handle.signal("anything")
    kept = await _seconds_kept(handle)
    await handle.terminate()
    if kept >= _TOO_LONG:
        raise NotYet(
            f"a step to be kept {_STICKY:g} s for a dead worker before another may take it",
            f"it is kept longer than {_TOO_LONG:g} s: the SDK's default is ten",
            f"`sticky_queue_schedule_to_start_timeout=STICKY` of {_WORKER}",
        )


async def _seconds_kept(handle: WorkflowHandle[Any, Any]) -> float:
    """How long the step was kept, by the server's own clock; ``_TOO_LONG`` if it still is."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(_TOO_LONG + 1):
            async for event in handle.fetch_history_events(wait_new_event=True):
                if event.HasField("workflow_task_timed_out_event_attributes"):
                    break
    scheduled = 0.0
    # Once more: on a busy machine, it may have come to this process too late.
    async for event in handle.fetch_history_events():
        moment = event.event_time.ToDatetime().timestamp()
        if event.HasField("workflow_task_scheduled_event_attributes"):
            scheduled = moment
        elif event.HasField("workflow_task_timed_out_event_attributes"):
            return moment - scheduled
    return _TOO_LONG
