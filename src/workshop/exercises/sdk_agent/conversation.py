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
    proves="Six questions, two workers and one workflow: each question was sent with the whole conversation before it.",
    hints=(
        "What must the model be sent so that it understands `And in California?`",
        f"`@workflow.update` above `async def ask(self, question: str) -> str`: {TEMPORAL}/message-passing; "
        f"and `result.to_input_list()`: {AGENTS_SDK}/running_agents/",
        "@workflow.update\nasync def ask(self, question: str) -> str:\n    async with self.lock:\n"
        '        said = [*self.items, {"role": "user", "content": question}]\n'
        "        result = await Runner.run(make_agent(), said)\n        self.items = ...\n        return ...",
    ),
    timeout=60,
)
async def conversation(bench: Bench) -> str:
    """Two questions, another worker for each; then three at once; then one that fails, and one after that."""
    need_files(bench, ACTIVITIES, WORKFLOW)
    with course_files(bench, LIMITED):
        seen = await bench.run(_probe_conversation, bench.scope)
    handle = await handle_of(bench)
    runs = await activity_runs(handle)
    side_by_side = await _side_by_side(handle)
    before: list[str] = []
    for question in _IN_TURN:
        _judge_answer(question, seen["answers"][question], runs, before)
    # Those that came at once may have been answered in any order.
    first = {question: runs.index(_calls_of(question, runs)[0]) for question in _AT_ONCE}
    for question in sorted(_AT_ONCE, key=first.__getitem__):
        if side_by_side:
            raise NotYet(
                "questions that come at once to be answered one after the other",
                "the model was asked the second before it had answered the first",
                _LOCKED,
            )
        _judge_answer(question, seen["answers"][question], runs, before, at_once=True)
    _judge_answer(_AT_LAST, seen["answers"][_AT_LAST], runs, before)
    if not isinstance(seen["kept"], int) or seen["kept"] < len(before):
        raise NotYet(
            f"`self.items` with at least {len(before)} items at the end: each question and each answer",
            describe(seen["kept"]),
            "`ask`: `result.to_input_list()`",
        )
    return f"Asked {_IN_TURN[1]!r}, it answered: {seen['answers'][_IN_TURN[1]]}"


_IN_TURN = ("Are there any weather alerts in Texas?", "And in California?")
_AT_ONCE = (
    "What does the river dream of?",
    "And what does the mountain dream of?",
    "And what does the desert dream of?",
)
_LOCKED = (
    "`ask`: `async with self.lock:` around all that reads `self.items`, runs the agent and keeps the result"
)
_REFUSED = "What does the harbor dream of?"
_AT_LAST = "And what does the forest dream of?"


def _judge_answer(
    question: str, answer: Any, runs: Sequence[ActivityRun], before: list[str], *, at_once: bool = False
) -> None:
    """The answer to one question, which joins what was said before the next."""
    calls = _calls_of(question, runs)
    if not isinstance(answer, str) or not answer.strip():
        raise NotYet(f"an answer to {question!r}", describe(answer), "the `return` of `ask`")
    if answer.strip() != said_in(calls[-1]).strip():
        raise NotYet("the model's answer", describe(answer), "the `return` of `ask`: `final_output`")
    _judge_memory(calls[0], question, before, at_once)
    before += [question, answer]


def _calls_of(question: str, runs: Sequence[ActivityRun]) -> list[ActivityRun]:
    calls = [run for run in runs if run.name == MODEL_CALL and asked_in(run) == question]
    if not calls:
        models = [asked_in(run) for run in runs if run.name == MODEL_CALL]
        near = next((f"one ends with {asked[-200:]!r}" for asked in models if question in asked), "")
        raise NotYet(
            f"a model call that ends with {question!r}", near or "there is none", "`ask`: what it runs"
        )
    return calls


async def _side_by_side(handle: WorkflowHandle[Any, Any]) -> bool:
    """Whether a model call was asked for while another was under way."""
    under_way: set[int] = set()
    async for event in handle.fetch_history_events():
        if event.HasField("activity_task_scheduled_event_attributes"):
            if event.activity_task_scheduled_event_attributes.activity_type.name != MODEL_CALL:
                continue
            if under_way:
                return True
            under_way.add(event.event_id)
        for end in _ENDS:
            if event.HasField(end):
                under_way.discard(getattr(event, end).scheduled_event_id)
    return False


_ENDS: Sequence[Any] = (
    "activity_task_completed_event_attributes",
    "activity_task_failed_event_attributes",
    "activity_task_timed_out_event_attributes",
    "activity_task_canceled_event_attributes",
)


def _judge_memory(call: ActivityRun, question: str, before: Sequence[str], at_once: bool) -> None:
    """The model was sent all that was said before, in order; also if the question came before that was said."""
    came = f"{question!r}, which came while another was being answered," if at_once else repr(question)
    texts = [text_of(item) for item in items_of(call)]
    place = 0
    for said in before:
        if said not in texts[place:]:
            raise NotYet(
                f"{came} to be sent with the whole conversation before it",
                f"{shorten(said, 80)!r} was {'sent out of order' if said in texts else 'not sent'}",
                _LOCKED if at_once else "`ask`: `self.items`, and `self.lock`",
            )
        place = texts.index(said, place) + 1
    asked = [text_of(item) for item in items_of(call) if item.get("role") == "user"]
    if twice := next((said for said in asked if asked.count(said) > 1), ""):
        raise NotYet(
            f"{question!r} to be sent with the whole conversation before it, once",
            f"{shorten(twice, 80)!r} was sent {asked.count(twice)} times",
            "`ask`: `self.items` becomes `result.to_input_list()`, which holds what was there before",
        )
    if before and not any(item.get("type") == "function_call_output" for item in items_of(call)):
        raise NotYet(
            f"{question!r} to be sent with the whole conversation before it",
            "the tool calls and their outputs were not sent",
            "`ask`: `result.to_input_list()`",
        )


async def _probe_conversation(module: ModuleType, workflow_id: str) -> dict[str, Any]:
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
    answers = {}
    async with running_worker(**what) as client:
        handle = await client.start_workflow("Conversation", id=workflow_id, task_queue=task_queue())
        answers[_IN_TURN[0]] = await _asked_now(handle, _IN_TURN[0])
    async with running_worker(**what) as client:
        # Another worker and another client: it knows only what the history tells.
        handle = client.get_workflow_handle(workflow_id)
        answers[_IN_TURN[1]] = await _asked_now(handle, _IN_TURN[1], "one that was answered")
        with fault("model", "delay", delay=20) as held:
            # The first waits for the model when the others come.
            asked = {question: await _accepted(handle, question) for question in _AT_ONCE}
            with contextlib.suppress(LabTimeout):
                await held.hit(timeout=5)
        for question, update in asked.items():
            answers[question] = await _in_time(handle, update.result(), "one that came at the same time")
        with fault("model", "status", status=401), contextlib.suppress(NotYet):
            await _asked_now(handle, _REFUSED)
        answers[_AT_LAST] = await _asked_now(handle, _AT_LAST, "one that failed")
        await handle.signal("end")
        kept = await result_of(handle, "`ask`", what="the conversation", timeout=10)
    return {"answers": answers, "kept": kept}


async def _asked_now(handle: WorkflowHandle[Any, Any], question: str, after: str = "") -> Any:
    return await _in_time(handle, handle.execute_update("ask", question), after)


async def _accepted(handle: WorkflowHandle[Any, Any], question: str) -> Any:
    from temporalio.client import WorkflowUpdateStage

    started = handle.start_update("ask", question, wait_for_stage=WorkflowUpdateStage.ACCEPTED)
    return await _in_time(handle, started)


async def _in_time(handle: WorkflowHandle[Any, Any], answer: Awaitable[Any], after: str = "") -> Any:
    """What comes of an update; where the workflow's code fails, it would never come.

    Args:
        handle: The conversation.
        answer: The update.
        after: What question came before, for the message; none unless given.

    Raises:
        NotYet: nothing; it says why.
    """
    from temporalio.client import WorkflowUpdateFailedError

    expected = f"an answer to the question after {after}" if after else "an answer to the update `ask`"
    try:
        return await beside(handle, answer, "`ask`", expected=expected, timeout=8)
    except WorkflowUpdateFailedError as error:
        raise NotYet(expected, f"it failed: {list(causes(error))[-1]}", "`ask`") from None
    except NotYet as error:
        if "serialize unknown type" in error.got:
            got = "what is kept cannot be sent to the model again: it holds objects of the SDK, not messages"
            raise NotYet(expected, got, "`self.items`: `result.to_input_list()`") from None
        if after and ("no result" in error.got or error.got == "nothing"):
            got = "none: it waits for the lock, which is never released"
            raise NotYet(
                expected, got, "`ask`: `async with self.lock:` releases it, even after an error"
            ) from None
        raise
