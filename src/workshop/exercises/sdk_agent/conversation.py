"""A conversation in one workflow: each question is an update, asked with all that was said before."""

from __future__ import annotations

import contextlib
from collections.abc import Awaitable, Sequence
from types import ModuleType
from typing import TYPE_CHECKING, Any

from workshop.checks.agent_runs import MODEL_CALL, asked_in, causes, items_of, need_files, said_in, text_of
from workshop.checks.agent_workers import plugin
from workshop.checks.bench import Bench, NotYet, describe, need, place_of
from workshop.checks.endings import beside, result_of
from workshop.checks.histories import ActivityRun, activity_runs
from workshop.checks.outcomes import shorten
from workshop.checks.registry import exercise
from workshop.checks.workflows import course_files, handle_of, running_worker, task_queue
from workshop.exercises.documentation import AGENTS_SDK, TEMPORAL
from workshop.exercises.sdk_agent.project import ACTIVITIES, LIMITED, WORKFLOW, tools

if TYPE_CHECKING:
    from temporalio.client import WorkflowHandle


@exercise(
    proves="Four questions, two workers and one workflow: each question was asked with all that was said before.",
    hints=(
        "What does the model have to be sent, so that it understands `And in California?`",
        f"`@workflow.update` above `async def ask(self, question: str) -> str`: {TEMPORAL}/message-passing; "
        f"and `result.to_input_list()`: {AGENTS_SDK}/running_agents/",
        "@workflow.update\nasync def ask(self, question: str) -> str:\n    async with self.lock:\n"
        '        self.items.append({"role": "user", "content": question})\n'
        "        result = await Runner.run(make_agent(), self.items)\n        self.items = ...\n        return ...",
    ),
    timeout=60,
)
async def conversation(bench: Bench) -> str:
    """Two questions one after the other with another worker for each, then two at once."""
    need_files(bench, ACTIVITIES, WORKFLOW)
    questions = [
        "Are there any weather alerts in Texas?",
        "And in California?",
        "What does the river dream of?",
        "And what does the mountain dream of?",
    ]
    with course_files(bench, LIMITED):
        seen = await bench.run(_probe_conversation, bench.scope, questions)
    runs = await activity_runs(await handle_of(bench))
    before: list[str] = []
    for question, answer in zip(questions, seen["answers"], strict=True):
        if not isinstance(answer, str) or not answer.strip():
            raise NotYet(f"an answer to {question!r}", describe(answer), "the `return` of `ask`")
        calls = [run for run in runs if run.name == MODEL_CALL and asked_in(run) == question]
        if not calls:
            raise NotYet(f"a model call that ends with {question!r}", "there is none", "`ask`: what it runs")
        if answer.strip() != said_in(calls[-1]).strip():
            raise NotYet("the model's answer", describe(answer), "the `return` of `ask`: `final_output`")
        _judge_memory(calls[0], question, before)
        before += [question, answer]
    if not isinstance(seen["kept"], int) or seen["kept"] < len(before):
        raise NotYet(
            f"`self.items` with at least {len(before)} items in the end: each question and each answer",
            describe(seen["kept"]),
            "`ask`: `result.to_input_list()`",
        )
    return f"Asked {questions[1]!r}, it answered: {seen['answers'][1]}"


def _judge_memory(call: ActivityRun, question: str, before: Sequence[str]) -> None:
    """The model was sent all that was said before, in order."""
    texts = [text_of(item) for item in items_of(call)]
    place = 0
    for said in before:
        if said not in texts[place:]:
            raise NotYet(
                f"{question!r} to be asked with all that was said before",
                f"{shorten(said, 80)!r} was {'sent out of its order' if said in texts else 'not sent'}",
                "`ask`: `self.items`, and `self.lock`",
            )
        place = texts.index(said, place) + 1
    asked = [text_of(item) for item in items_of(call) if item.get("role") == "user"]
    if twice := next((said for said in asked if asked.count(said) > 1), ""):
        raise NotYet(
            f"{question!r} to be asked with all that was said before, once",
            f"{shorten(twice, 80)!r} was sent {asked.count(twice)} times",
            "`ask`: `self.items` becomes `result.to_input_list()`, which holds what was there before",
        )
    if before and not any(item.get("type") == "function_call_output" for item in items_of(call)):
        raise NotYet(
            f"{question!r} to be asked with all that was said before",
            "what the tools were asked and what they said was not sent",
            "`ask`: `result.to_input_list()`",
        )


async def _probe_conversation(module: ModuleType, workflow_id: str, questions: list[str]) -> dict[str, Any]:
    from workshop.errors import LabTimeout
    from workshop.lab.faults import fault

    defined = need(module, "Conversation", type, "a class")
    definition = getattr(defined, "__temporal_workflow_definition", None)
    if definition is None or "ask" not in definition.updates:
        got = "the workflow has none of that name"
        if definition is not None and "ask" in {**definition.signals, **definition.queries}:
            got = f"`ask` is a {'signal' if 'ask' in definition.signals else 'query'}"
        raise NotYet("the update `ask`", got, place_of(module))
    what: dict[str, Any] = {"plugins": [plugin()], "workflows": [defined], "activities": tools()}
    answers = []
    async with running_worker(**what) as client:
        handle = await client.start_workflow("Conversation", id=workflow_id, task_queue=task_queue())
        answers.append(await _asked_now(handle, questions[0]))
    async with running_worker(**what) as client:
        # Another worker and another client: it knows only what the history tells.
        handle = client.get_workflow_handle(workflow_id)
        answers.append(await _asked_now(handle, questions[1]))
        with fault("model", "delay", delay=20) as held:
            # The first waits for the model when the second comes.
            asked = [await _accepted(handle, question) for question in questions[2:]]
            with contextlib.suppress(LabTimeout):
                await held.hit(timeout=5)
        answers += [await _in_time(handle, update.result()) for update in asked]
        await handle.signal("end")
        kept = await result_of(handle, "`ask`", what="the conversation", timeout=10)
    return {"answers": answers, "kept": kept}


async def _asked_now(handle: WorkflowHandle[Any, Any], question: str) -> Any:
    return await _in_time(handle, handle.execute_update("ask", question))


async def _accepted(handle: WorkflowHandle[Any, Any], question: str) -> Any:
    from temporalio.client import WorkflowUpdateStage

    started = handle.start_update("ask", question, wait_for_stage=WorkflowUpdateStage.ACCEPTED)
    return await _in_time(handle, started)


async def _in_time(handle: WorkflowHandle[Any, Any], answer: Awaitable[Any]) -> Any:
    """What comes of an update; where the workflow's code fails, it would never come.

    Raises:
        NotYet: nothing; it says why.
    """
    from temporalio.client import WorkflowUpdateFailedError

    expected = "an answer to the update `ask`"
    try:
        return await beside(handle, answer, "`ask`", expected=expected, timeout=15)
    except WorkflowUpdateFailedError as error:
        raise NotYet(expected, f"it failed: {list(causes(error))[-1]}", "`ask`") from None
