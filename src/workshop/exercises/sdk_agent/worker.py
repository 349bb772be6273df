"""A worker for the agent: a process of the learner's own file."""

from __future__ import annotations

from workshop.checks.agent_runs import answered, judge_steps
from workshop.checks.bench import Bench, NotYet
from workshop.checks.histories import activity_runs
from workshop.checks.registry import exercise
from workshop.checks.workflows import start_run
from workshop.exercises.documentation import TEMPORAL
from workshop.exercises.numbering import lesson
from workshop.exercises.questions import WHERE_I_AM
from workshop.exercises.sdk_agent.project import QUEUE, WORKER, need_agent
from workshop.exercises.steps import WHERE_STEPS


@exercise(
    proves="Your process answered a question with model calls and three tools, and waits for the next.",
    hints=(
        f"It is the worker of {lesson('native_agent')}, with fewer arguments. What is there to run, and what brings "
        "the plugin?",
        f"`Worker(client, task_queue=..., workflows=[...], activities=TOOLS)`: {TEMPORAL}/workers/run-worker-process",
        "worker = Worker(\n    client,\n    task_queue=TASK_QUEUE,\n    workflows=[WeatherAgent],\n"
        "    activities=TOOLS,\n)\nawait worker.run()",
    ),
    timeout=60,
    note="starts your worker: a few seconds",
)
async def worker(bench: Bench) -> str:
    """A question that needs all three tools, for a process that runs the learner's file."""
    need_agent(bench)
    process = await bench.process(WORKER)
    handle = await start_run(bench, "WeatherAgent", WHERE_I_AM, queue=QUEUE)
    try:
        answer = await answered(handle, process, "the arguments of Worker(...)")
    except NotYet as error:
        if "Failed validating workflow" in error.got:
            why = "that happens without the plugin, which comes with the client of `connect()`"
            # What the sandbox says of it would lead to the imports of workflow.py.
            got = error.got.partition(": RestrictedWorkflowAccessError")[0]
            raise NotYet(error.expected, f"{got}; {why}", "the `client` of Worker(...)") from None
        if "is not registered on this worker" in error.got:
            raise NotYet(error.expected, error.got, "`activities=` of Worker(...)") from None
        raise
    judge_steps(await activity_runs(handle), WHERE_STEPS, WHERE_I_AM, "`activities=` of Worker(...)")
    if not process.running:
        raise NotYet(
            "a worker that goes on waiting for work", "its process has ended", "`await worker.run()`"
        )
    return f"It answered: {answer}"
