"""An agent of the learner's own: its worker is killed after its tool has run."""

from __future__ import annotations

import inspect
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from workshop.checks.agent_runs import (
    MODEL_CALL,
    answered,
    asked_in,
    held_or_ended,
    judge_result,
    last_told,
    need_calm,
    said_in,
    told_steps,
    told_to,
)
from workshop.checks.bench import Bench, NotYet, describe, need, need_free_loop, place_of
from workshop.checks.endings import ending_of
from workshop.checks.exercise import id_of
from workshop.checks.histories import ActivityRun, activity_runs
from workshop.checks.outcomes import shorten
from workshop.checks.registry import exercise
from workshop.checks.workflows import connect
from workshop.exercises.documentation import PLUGIN
from workshop.exercises.sdk_agent.bad_days import REFUSED_KEY
from workshop.exercises.sdk_agent.own_agent_worker import BLOCKED
from workshop.exercises.sdk_agent.project import WORKFLOW

if TYPE_CHECKING:
    from workshop.lab.processes import Process


@exercise(
    proves="Your agent's worker was killed after its tool had run; another one continued, and nothing was paid for"
    " twice.",
    hints=(
        "What does your tool do with the world? And which question would make a model reach for it?",
        f"`@activity.defn` above the tool, `activity_as_tool(use_tool, start_to_close_timeout=...)`: {PLUGIN}",
        'QUESTION = "..."\n\n@activity.defn\nasync def use_tool(word: str) -> str:\n    """..."""\n\n'
        "@workflow.defn\nclass OwnAgent:\n    @workflow.run\n    async def run(self, question: str) -> str:\n"
        f"        ...  (as in exercise {id_of(WORKFLOW)}, with the tools [activity_as_tool(use_tool, ...)])",
    ),
    timeout=120,
    note="kills a real worker and waits until another has taken over: half a minute at most",
)
async def own_agent(bench: Bench) -> str:
    """The worker is killed while the second model call is held, so with the tool's result in the history."""
    asked = await bench.run(_probe_own_agent)
    # Not QUESTION itself: a workflow that asked that whatever it is given would not be told apart.
    question = f"{asked['question']} {_PLEASE}"
    script = str(Path(__file__).with_name("own_agent_worker.py"))
    client = await connect(bench)
    with bench.fault("model", "delay", delay=60, after=1) as held:
        process = await bench.process(script)
        handle = await client.start_workflow(
            asked["workflow"], question, id=bench.scope, task_queue=f"check-{bench.scope}"
        )
        try:
            await held_or_ended(handle, held, process, "`OwnAgent`")
        except NotYet:
            _judge_free(process)
            raise
        runs = await activity_runs(handle)
        need_calm(runs, tries=1)
        models = [run for run in runs if run.name == MODEL_CALL]
        if not models:
            raise NotYet(
                "an agent whose loop runs in the workflow: a model call as an activity",
                told_steps(runs),
                "`run` of OwnAgent: `await Runner.run(agent, question)`",
            )
        if _PLEASE not in asked_in(models[0]):
            raise NotYet(
                f"the agent to be asked what the workflow is given: {question!r}",
                f"it was asked {asked_in(models[0])!r}",
                "`run(self, question: str)` of OwnAgent, and what Runner.run is given",
            )
        _judge_own_tool(runs, asked)
        process.kill()
    process = await bench.process(script)
    answer = await answered(handle, process, "`OwnAgent`")
    runs = await activity_runs(handle)
    need_calm(runs, tries=2)
    judge_result(answer, runs)
    repeats = bench.meter().model.repeats
    if repeats:
        raise NotYet("no model call to be paid for twice", f"{repeats} were", "`OwnAgent.run`")
    with bench.fault("model", "status", status=401):
        refused = await client.start_workflow(
            asked["workflow"], question, id=f"{bench.scope}-refused", task_queue=f"check-{bench.scope}"
        )
        how = await ending_of(refused, "`OwnAgent`", process=process)
    if how == "completed":
        got = f"it returned {describe(await refused.result())}"
        raise NotYet(REFUSED_KEY, got, "`OwnAgent.run`: what it catches")
    return f"Asked {asked['question']!r}, it answered: {answer}"


_PLEASE = "Please."
"""What the check adds to the learner's question."""


def _judge_free(process: Process) -> None:
    """See that the worker has not ended because a tool stopped it.

    Raises:
        NotYet: it has.
    """
    for line in process.output().splitlines():
        if line.startswith(BLOCKED):
            raise NotYet(**json.loads(line.removeprefix(BLOCKED)))


def _judge_own_tool(runs: Sequence[ActivityRun], asked: Mapping[str, Any]) -> None:
    """When the second model call has begun, a tool has run as an activity and its result is in the history."""
    models = [run for run in runs if run.name == MODEL_CALL]
    # What the workflow itself has done before it asked the agent is not the agent's tool.
    tools = [run for run in runs[runs.index(models[0]) :] if run.name != MODEL_CALL]
    if not tools and not models[0].input[0].get("tools"):
        raise NotYet(
            f"an agent whose model can use {' or '.join(asked['activities'])}",
            "the model was offered no tool",
            "`tools=` of your agent",
        )
    if not tools and len(models) < 2:
        raise NotYet(
            f"a question for which the model uses {' or '.join(asked['activities'])}",
            f"asked {asked['question']!r}, it answered without: {shorten(said_in(models[0]), 200)!r}",
            "`QUESTION`: the words of the tool's name and description, and a value for each argument; and `tools=` of"
            " your agent",
        )
    if not tools:
        told = last_told(runs)
        raise NotYet(
            "the tool's activity in the history",
            f"{told_steps(runs)}: the tool ran inside the workflow"
            + (f", and said {told!r}" if told else ""),
            "`tools=` of your agent: activity_as_tool",
        )
    done = next((run for run in reversed(tools) if run.ended == "completed"), None)
    if done is None:
        raise NotYet(f"{tools[-1].name} to complete", tools[-1].problem, f"`{tools[-1].name}`")
    if done.took > done.start_to_close > 0:
        # The server is not exact to the millisecond: such an attempt may be counted or not.
        raise NotYet(
            f"a timeout within which {done.name} can end",
            f"`start_to_close_timeout` is {done.start_to_close:g} s, and the tool took {done.took:.1f} s",
            f"`activity_as_tool({done.name}, ...)`",
        )
    if done.output is None:
        raise NotYet(f"a result of {done.name}", "None", f"the `return` of `{done.name}`")
    if not any(str(done.output) in one for one in told_to(runs)):
        raise NotYet(
            f"the model to be told what {done.name} returned: {done.output!r}",
            f"it was told {last_told(runs)!r}",
            "`tools=` of your agent",
        )


def _probe_own_agent(module: ModuleType) -> dict[str, Any]:
    from workshop.exercises.sdk_agent.own_agent_worker import own_activities

    question = need(module, "QUESTION", str, "a question")
    if not question.strip():
        raise NotYet("`QUESTION`, a question", "an empty text", place_of(module))
    defined = need(module, "OwnAgent", type, "a class")
    definition = getattr(defined, "__temporal_workflow_definition", None)
    if definition is None:
        raise NotYet("`OwnAgent`, a workflow", "a class without @workflow.defn", place_of(module))
    found = own_activities(module)
    if not found:
        raise NotYet("a tool that is an activity", "no function with @activity.defn", place_of(module))
    for one in found:
        if not inspect.iscoroutinefunction(one):
            raise NotYet(
                f"`{one.__name__}`, an `async def`",
                "a plain `def`: a worker runs such an activity only with an `activity_executor`",
                place_of(module, one),
            )
        need_free_loop(module, one)
    names = [getattr(one, "__temporal_activity_definition").name for one in found]
    return {"question": question, "workflow": definition.name, "activities": names}
