"""The learner's workflow as it is asked, in the child process."""

from __future__ import annotations

from types import ModuleType
from typing import Any

from workshop.checks.agent_workers import answers, plugin
from workshop.checks.bench import Bench, NotYet, need
from workshop.checks.endings import ending_of
from workshop.checks.histories import timers_of
from workshop.checks.outcomes import shorten
from workshop.checks.workflows import handle_of, running_worker, task_queue
from workshop.exercises.micro_agents.project import activities

STATES = ("California", "Texas", "Hawaii")
"""What several agents are asked about at once."""


async def probe_answers(module: ModuleType, name: str, questions: dict[str, list[str]]) -> dict[str, Any]:
    """A probe: ask a workflow several questions at once; its results by the questions' names."""
    results, _ = await answers(module, name, questions, activities())
    return results


async def probe_answer(module: ModuleType, name: str, argument: Any, workflow_id: str) -> Any:
    """A probe: what a workflow returns."""
    return (await probe_answers(module, name, {"": [argument, workflow_id]}))[""]


async def need_failure(bench: Bench, name: str, argument: Any, call: str, *, after: int = 0) -> None:
    """Run a workflow of which one model call is refused for good: it has to fail, and not to give a result.

    Args:
        bench: The check's.
        name: The workflow.
        argument: What it is given.
        call: Which call that is, for the message: ``"the editor's call"``.
        after: How many model calls are answered before.

    Raises:
        NotYet: it does not fail.
    """
    with bench.fault("model", "status", status=400, after=after, calls=1):
        ended, result = await bench.run(_probe_ending, name, argument, f"{bench.scope}-refused-{after}")
    if ended != "failed":
        got = f"it completed, with {shorten(str(result), 120)!r}" if ended == "completed" else f"it {ended}"
        raise NotYet(
            f"the run to fail, since the model has refused {call}",
            got,
            "the body of `run`: how it handles an error",
        )


async def _probe_ending(module: ModuleType, name: str, argument: Any, workflow_id: str) -> list[Any]:
    defined = need(module, name, type, "a class")
    async with running_worker(plugins=[plugin()], workflows=[defined], activities=activities()) as client:
        handle = await client.start_workflow(name, argument, id=workflow_id, task_queue=task_queue())
        ended = await ending_of(handle, f"the body of `{name}.run`")
        return [ended, await handle.result() if ended == "completed" else None]


async def need_no_timer(bench: Bench, workflow_id: str, look: str) -> None:
    """Make sure that a run sets no time limit of its own.

    Raises:
        NotYet: it does; with which time.
    """
    if timers := await timers_of(await handle_of(bench, workflow_id)):
        raise NotYet(
            "the agents to be waited for, however long a service takes",
            f"the run sets a timer of {timers[0]:g} s",
            look,
        )
