"""A run that ends when its turns are used up, and whose caller learns it."""

from __future__ import annotations

import asyncio
import builtins
from types import ModuleType
from typing import TYPE_CHECKING, Any

from workshop.checks.agent_runs import (
    MODEL_CALL,
    causes,
    judge_result,
    judge_steps,
    need_files,
    run_ids,
    start_all,
)
from workshop.checks.agent_workers import plugin
from workshop.checks.bench import Bench, NotYet, describe, need
from workshop.checks.endings import ending_of
from workshop.checks.histories import activity_runs
from workshop.checks.registry import exercise
from workshop.checks.workflows import handle_of, running_worker, task_queue
from workshop.exercises.documentation import AGENTS_SDK, TEMPORAL
from workshop.exercises.questions import CALIFORNIA, WHERE_I_AM
from workshop.exercises.sdk_agent.bad_days import bad_days, judge_bad_days
from workshop.exercises.sdk_agent.project import ACTIVITIES, WORKFLOW, tools
from workshop.exercises.steps import WEATHER_STEPS
from workshop.exercises.turn_limit import judge_own_words, note_turn_limits

if TYPE_CHECKING:
    from temporalio.client import WorkflowHandle


@exercise(
    proves="A run that needed more than two turns ended after two, and its caller learned of it.",
    hints=(
        "What does MaxTurnsExceeded do to the run of HastyAgent? How does Temporal learn that it is meant to end"
        " the run?",
        "`max_turns=` of Runner.run, and one of the two ways above: "
        f"{TEMPORAL}/failure-detection and {AGENTS_SDK}/running_agents/",
        "@workflow.defn(failure_exception_types=[AgentsException])\nclass LimitedAgent:\n    @workflow.run\n"
        "    async def run(self, question: str) -> str:\n"
        "        result = await Runner.run(make_agent(), question, max_turns=...)\n        ...",
    ),
    timeout=60,
)
async def limited(bench: Bench) -> str:
    """One question needs two turns, the other four."""
    need_files(bench, ACTIVITIES, WORKFLOW)
    questions = {"california": CALIFORNIA, "where": WHERE_I_AM}
    seen = await bench.run(_probe_limited, run_ids(bench, questions), bench.scope)
    ends = seen["ends"]
    runs = {name: await activity_runs(await handle_of(bench, f"{bench.scope}-{name}")) for name in questions}
    calls = sum(run.name == MODEL_CALL for run in runs["where"])
    if calls != 2:
        raise NotYet(
            "the run to end after two model calls, though the question needs four",
            f"after {calls} it {'failed' if 'failed' in ends['where'] else 'completed'}",
            "`max_turns=` of Runner.run",
        )
    if "failed" in ends["california"]:
        raise NotYet("a question that two turns answer to succeed", ends["california"]["failed"], "`run`")
    judge_steps(runs["california"], WEATHER_STEPS, CALIFORNIA, "`run`")
    judge_result(ends["california"]["result"], runs["california"])
    judge_bad_days(seen["bad_days"], _CATCHES)
    if seen["confused"]:
        raise NotYet(
            "a run whose model asks for a tool that does not exist to get no answer: its turns are not used up",
            f"it returned {seen['confused']}",
            _CATCHES,
        )
    end = ends["where"]
    if "failed" in end:
        if any(isinstance(getattr(builtins, one, None), type) for one in end["types"]):
            raise NotYet("the run to fail because of the turn limit", f"it failed: {end['failed']}", "`run`")
        return f"The run failed: {end['failed']}"
    if not isinstance(end["result"], str) or not end["result"].strip():
        raise NotYet(
            "a failure, or a sentence that says why there is no answer",
            describe(end["result"]),
            "what `run` returns after two turns",
        )
    judge_own_words(end["result"], seen["messages"], "what `run` returns after two turns")
    return f"The run's answer: {end['result']}"


async def _probe_limited(module: ModuleType, questions: dict[str, list[str]], prefix: str) -> dict[str, Any]:
    defined = need(module, "LimitedAgent", type, "a class")
    messages = note_turn_limits()
    async with running_worker(plugins=[plugin()], workflows=[defined], activities=tools()) as client:
        handles = await start_all(client, "LimitedAgent", questions)
        ends = await asyncio.gather(*[_end_of(handle) for handle in handles.values()])
        bad = await bad_days(client, "LimitedAgent", CALIFORNIA, prefix, "`run`")
    confused = await _answer_of_confused(defined, f"{prefix}-confused")
    return {
        "ends": dict(zip(handles, ends, strict=True)),
        "bad_days": dict(bad),
        "confused": confused,
        "messages": messages,
    }


async def _answer_of_confused(defined: type, workflow_id: str) -> str:
    """What a run returns whose model asks for a tool that does not exist; empty if it fails, or waits for its author.

    The SDK raises another AgentsException for that, long before the turns are used up.
    """
    from agents import ModelResponse, Usage
    from openai.types.responses import ResponseFunctionToolCall
    from temporalio.openai_agents import OpenAIAgentsPlugin
    from temporalio.openai_agents.testing import TestModel, TestModelProvider

    call = ResponseFunctionToolCall(
        arguments="{}", call_id="call-1", name="no_such_tool", type="function_call"
    )
    reply = ModelResponse(output=[call], usage=Usage(), response_id=None)
    model = TestModelProvider(TestModel.returning_responses([reply]))
    queue = f"{task_queue()}-confused"
    async with running_worker(
        queue=queue,
        plugins=[OpenAIAgentsPlugin(model_provider=model)],
        workflows=[defined],
        activities=tools(),
    ) as client:
        handle = await client.start_workflow("LimitedAgent", CALIFORNIA, id=workflow_id, task_queue=queue)
        try:
            how = await ending_of(handle, "`run`", timeout=10)
        except NotYet:
            return ""
        return describe(await handle.result()) if how == "completed" else ""


async def _end_of(handle: WorkflowHandle[Any, Any]) -> dict[str, Any]:
    """A run's result; or why it failed, and the types of the errors in that.

    Raises:
        NotYet: it goes on, which is what the exercise is to prevent.
    """
    from temporalio.client import WorkflowFailureError

    try:
        await ending_of(handle, "`run`", what="the run, once its turns are used up,")
    except NotYet as error:
        if "fails: MaxTurnsExceeded" in error.got:
            raise NotYet(error.expected, f"{error.got}. {_STUCK}", error.look) from None
        raise
    try:
        return {"result": await handle.result()}
    except WorkflowFailureError as error:
        chain = list(causes(error))
        return {
            "failed": str(chain[-1]),
            "types": [str(getattr(one, "type", "") or "") for one in chain],
        }


_CATCHES = "`run`: what it catches besides MaxTurnsExceeded"

_STUCK = (
    "To Temporal, an exception that is not among `failure_exception_types` is a bug, and the step is tried again for"
    ' ever. Of `error_handlers`, only the one with the key "max_turns" is called, and it ends the run only if it'
    " returns an answer"
)
