"""What checks need around agents of the Agents SDK: runs that are asked questions, and what their history tells.

The event history holds every step of an agent: what the model was sent, what it said, which tool ran as an activity
and what came of it.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from .bench import Bench, CourseProblem, NotYet, NotYetAttempted, describe, missing_file
from .endings import judge_lateness, result_of
from .histories import ActivityRun
from .outcomes import shorten
from .workflows import task_queue

if TYPE_CHECKING:
    from temporalio.client import Client, WorkflowHandle

    from workshop.lab.faults import Fault
    from workshop.lab.processes import Process

MODEL_CALL = "invoke_model_activity"


async def answered(handle: WorkflowHandle[Any, Any], process: Process, look: str) -> Any:
    """The result of a run that a worker process does."""
    return await result_of(handle, look, process=process, timeout=40)


def judge_steps(runs: Sequence[ActivityRun], steps: Sequence[str], question: str, look: str) -> None:
    """Compare a run's activities with what they should be.

    Raises:
        NotYet: they are others.
    """
    if [step_of(run) for run in runs] == steps:
        return
    first = next((run for run in runs if run.name == MODEL_CALL), None)
    if first is not None and question not in (asked := asked_in(first)):
        # What follows from that says nothing.
        got = f"it was asked {shorten(asked, 160)!r}"
        raise NotYet(f"the agent to be asked {question!r}", got, "what `Runner.run` is given")
    got = told_steps(runs)
    others = [step for step in steps if step != "model"] != [
        run.name for run in runs if run.name != MODEL_CALL
    ]
    # What a tool has said may tell why the model asked for other tools.
    if others and (told := last_told(runs)):
        got += f"; the model was told {shorten(told, 160)!r}"
    raise NotYet(f"the activities {', '.join(steps)} for {question!r}", got, look)


def told_steps(runs: Sequence[ActivityRun]) -> str:
    """A run's activities in words, in order."""
    return ", ".join(step_of(run) for run in runs) or "no activity"


def step_of(run: ActivityRun) -> str:
    """What an activity is called here: ``model``, or the tool's name."""
    return "model" if run.name == MODEL_CALL else run.name


def items_of(call: ActivityRun) -> list[dict[str, Any]]:
    """The conversation that a model call was sent."""
    sent = call.input[0]["input"]
    return [{"role": "user", "content": sent}] if isinstance(sent, str) else list(sent)


def text_of(item: Mapping[str, Any]) -> str:
    """What one item of a conversation says."""
    content = item.get("content", item.get("output", ""))
    if isinstance(content, list):
        return "".join(str(part.get("text", "")) for part in content)
    return str(content)


def asked_in(call: ActivityRun) -> str:
    """What the user had said last when the model was called."""
    return next((text_of(item) for item in reversed(items_of(call)) if item.get("role") == "user"), "")


def said_in(call: ActivityRun) -> str:
    """What the model said in a call."""
    return "".join(text_of(item) for item in (call.output or {}).get("output", []) if "content" in item)


def told_to(runs: Sequence[ActivityRun]) -> list[str]:
    """What the model was told by tools, before its last call."""
    calls = [run for run in runs if run.name == MODEL_CALL]
    items = items_of(calls[-1]) if calls else []
    return [text_of(item) for item in items if item.get("type") == "function_call_output"]


def last_told(runs: Sequence[ActivityRun]) -> str:
    """The last of :func:`told_to`; empty if there is none."""
    return (told_to(runs) or [""])[-1]


async def held_or_ended(handle: WorkflowHandle[Any, Any], held: Fault, process: Process, look: str) -> None:
    """Wait until a model call is held, or the run has ended without that call.

    Raises:
        NotYet: it cannot get there; it says why.
        LabTimeout: it has not got there in time.
    """
    from temporalio.service import RPCError

    held_call = asyncio.ensure_future(held.hit(timeout=40))
    ended = asyncio.ensure_future(answered(handle, process, look))
    try:
        while not (held_call.done() or ended.done()):
            await asyncio.wait({held_call, ended}, timeout=0.5, return_when=asyncio.FIRST_COMPLETED)
            with contextlib.suppress(RPCError):
                described = await handle.describe()
                judge_lateness(described, look, limit="its start_to_close_timeout", besides=MODEL_CALL)
        # Whichever came: a call that was not held in time says so.
        (held_call if held_call.done() else ended).result()
    finally:
        held_call.cancel()
        ended.cancel()


def need_calm(runs: Sequence[ActivityRun], tries: int) -> None:
    """Make sure that no model call was tried again because a busy machine was late with its heartbeats.

    Args:
        runs: The run's activities.
        tries: How many attempts one call may have had: two if a worker has been killed.

    Raises:
        CourseProblem: one was; what the meter then shows says nothing of the learner's code.
    """
    attempts = [run.attempts for run in runs if run.name == MODEL_CALL]
    if sum(attempts) - len(attempts) >= tries:
        raise CourseProblem(
            "The machine is so busy that a model call timed out and was made again.",
            "Wait until it is less busy, then run the cell again.",
        )


def run_ids(bench: Bench, questions: Mapping[str, str]) -> dict[str, list[str]]:
    """Each question with the id of the run that is asked it."""
    return {name: [question, f"{bench.scope}-{name}"] for name, question in questions.items()}


async def start_all(
    client: Client, workflow: str, questions: Mapping[str, Sequence[str]]
) -> dict[str, WorkflowHandle[Any, Any]]:
    """In the child: start a run for each question of :func:`run_ids`; the handles by the questions' names."""
    return {
        name: await client.start_workflow(workflow, question, id=workflow_id, task_queue=task_queue())
        for name, (question, workflow_id) in questions.items()
    }


def need_files(bench: Bench, *files: str) -> None:
    """Make sure that files which the lesson gives, or whose given part is needed, are there.

    Raises:
        NotYetAttempted: one is missing.
    """
    for file in files:
        if not bench.path(file).is_file():
            raise NotYetAttempted(missing_file(file))


def causes(error: BaseException) -> Iterator[BaseException]:
    """An error, its cause, that one's cause, and so on."""
    cause: BaseException | None = error
    while cause is not None:
        yield cause
        cause = cause.__cause__


def instructions_of(call: ActivityRun) -> str:
    """The instructions of the agent for which the model was called."""
    return str(call.input[0].get("system_instructions") or "")


def calls_asked_for(call: ActivityRun) -> list[str]:
    """The names of the tools, handoffs among them, that the model asked for in a call."""
    return [
        str(item.get("name"))
        for item in (call.output or {}).get("output", [])
        if item.get("type") == "function_call"
    ]


def judge_result(result: Any, runs: Sequence[ActivityRun]) -> None:
    """Make sure that the workflow's result is what the model said last.

    Raises:
        NotYet: it is something else.
    """
    last = said_in(runs[-1]).strip()
    if isinstance(result, str) and result.strip() == last:
        return
    got = describe(result)
    # With several agents, each has an answer of the model's, and the learner may have taken another one.
    earlier = [said_in(run).strip() for run in runs[:-1] if run.name == MODEL_CALL]
    if isinstance(result, str) and result.strip() in earlier:
        got = f"what it said before that: {shorten(result, 120)!r}"
    raise NotYet(
        f"what the model said last as the result: {shorten(last, 120)!r}",
        got,
        "the `return` of `run`: `final_output`",
    )
