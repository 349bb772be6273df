"""The whole agent of lesson 3 on the learner's files: asked in the child process, judged by its histories."""

from __future__ import annotations

import asyncio
import contextlib
import importlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from types import ModuleType
from typing import TYPE_CHECKING, Any

from workshop import catalog

from .bench import Bench, NotYet, describe, need
from .endings import ending_of, judge_lateness
from .histories import ActivityRun, activity_runs
from .workflows import course_files, handle_of, misfit, need_activity, running_worker, task_queue

if TYPE_CHECKING:
    from temporalio.client import Client

FOLDER = "my/native_agent"

TALKATIVE = "talkative"
"""The name in :mod:`workshop.checks.lesson3_workflows` of a stand-in for the model that says more than it must."""

_PACKAGE = "my.native_agent"
_MODEL = "call_model"
_PATIENCE = 45.0
"""Seconds for each run; what stands in its way is mostly known before."""

_LONGEST = 120
"""Events after which a run is ended: it goes round and round. The longest that a check asks for has 47."""


@contextlib.contextmanager
def project(bench: Bench, tools: str = "weather_tools") -> Iterator[None]:
    """Let the bench work in a copy of the learner's project, made complete, as long as the block lasts.

    What is missing there, or an exercise that is still open, is the course's. ``toolset.py`` always is, because
    the lesson itself changes it.

    Args:
        bench: The check's.
        tools: The module of tools that the copy's agent has.
    """
    toolset = f"{FOLDER}/toolset.py"

    lesson = catalog.lesson(3)
    writers = {one.file: one.id for one in lesson.exercises}

    def wanted(file: str) -> bool:
        if file == toolset:
            return True
        # A file that the lesson gives has no exercise.
        return file not in bench.exercise.files and bench.openness(file, writers.get(file, "")) is not None

    with course_files(bench, *filter(wanted, lesson.files)):
        path = bench.path(toolset)
        path.write_text(path.read_text(encoding="utf-8").replace("weather_tools", tools), encoding="utf-8")
        yield


@dataclass(frozen=True)
class Asked:
    """A question that the agent was asked, and what became of it.

    Attributes:
        question: Its text.
        ended: ``completed``, ``failed``, or ``endless``: the check ended it.
        answer: What the run returned.
        kind: The type of the failure, such as ``TurnLimit``.
        why: The failure in words.
        misfit: Why the history does not replay; empty if it does.
        activities: What the run has asked for, in order.
    """

    question: str
    ended: str
    answer: Any
    kind: str
    why: str
    misfit: str
    activities: tuple[ActivityRun, ...]

    @property
    def model_calls(self) -> list[ActivityRun]:
        """The model calls among the activities."""
        return [one for one in self.activities if one.name == _MODEL]

    @property
    def tool_calls(self) -> list[ActivityRun]:
        """The others."""
        return [one for one in self.activities if one.name != _MODEL]

    def model_was_told(self, text: str) -> bool:
        """Whether the last model call was sent a tool's output that holds this text."""
        sent = _sent(self.model_calls[-1]) if self.model_calls else []
        outputs = [str(item.get("output", "")) for item in sent if isinstance(item, dict)]
        return any(_one_line(text) in _one_line(output) for output in outputs)

    @property
    def steps(self) -> str:
        """The activities' names in order."""
        names = [one.name for one in self.activities]
        shown = ", ".join(names[:12])
        return (f"{shown} and {len(names) - 12} more" if len(names) > 12 else shown) or "no activity"


async def ask(bench: Bench, questions: Sequence[tuple[str, int]], look: str, model: str = "") -> list[Asked]:
    """Ask the agent all questions at the same time.

    Args:
        bench: The check's, in a :func:`project`.
        questions: Text and turn limit of each.
        look: Where to look if a run does not end.
        model: The stand-in that answers instead of the learner's model call and tools, such as :data:`TALKATIVE`.

    Raises:
        NotYet: a run does not end, because its code fails or because nothing answers.
    """
    prefix = f"{bench.scope}-{model}" if model else bench.scope
    ended = await bench.run(_probe_agent, [list(one) for one in questions], prefix, look, model)
    asked = []
    for number, ((text, _), told) in enumerate(zip(questions, ended, strict=True)):
        runs = await activity_runs(await handle_of(bench, f"{prefix}-{number}"))
        asked.append(Asked(text, activities=tuple(runs), **told))
    return asked


async def _probe_agent(
    module: ModuleType, questions: list[tuple[str, int]], prefix: str, look: str, model: str
) -> list[dict[str, Any]]:
    from . import lesson3_workflows

    own = {
        name: importlib.import_module(f"{_PACKAGE}.{name}") for name in ("workflow", "model", "tool_activity")
    }
    defined = need(own["workflow"], "AgentWorkflow", type, "a class")
    activities = [need_activity(own["model"], _MODEL), need_activity(own["tool_activity"], "use_tool")]
    if model:
        activities = [getattr(lesson3_workflows, model), lesson3_workflows.any_tool]
    async with running_worker(workflows=[defined], activities=activities) as client:
        return await asyncio.gather(
            *[
                _end_of(client, defined, f"{prefix}-{number}", {"text": text, "max_turns": turns}, look)
                for number, (text, turns) in enumerate(questions)
            ]
        )


async def _end_of(
    client: Client, defined: type, workflow_id: str, question: dict[str, Any], look: str
) -> dict[str, Any]:
    from temporalio.client import WorkflowFailureError

    handle = await client.start_workflow("AgentWorkflow", question, id=workflow_id, task_queue=task_queue())
    ending = asyncio.ensure_future(
        ending_of(handle, look, what=f'the run of "{question["text"]}"', timeout=_PATIENCE)
    )
    endless = False
    while not ending.done():
        await asyncio.wait({ending}, timeout=0.3)
        described = await handle.describe()
        if not endless and described.history_length > _LONGEST:
            endless = True
            await handle.terminate()
        try:
            judge_lateness(described, look, limit="TIMEOUT in tool_calls.py", besides=_MODEL)
        except NotYet:
            ending.cancel()
            raise
    try:
        ended = await ending
    except NotYet:
        # A workflow that waits for a text fails with anything else. The tool is to blame, and not its code.
        for one in await activity_runs(handle):
            _judge_text(one, look)
        raise
    told = {"ended": ended, "answer": None, "kind": "", "why": "", "misfit": ""}
    if endless:
        return told | {"ended": "endless"}
    try:
        told["answer"] = await handle.result()
    except WorkflowFailureError as error:
        told |= _failure(error.cause)
    return told | {"misfit": await misfit(handle, workflows=[defined])}


def _failure(error: BaseException) -> dict[str, str]:
    """A failure of a run, or of an activity in it: the type of its own, and its message."""
    from temporalio.exceptions import ActivityError, ApplicationError

    where = ""
    while isinstance(error, ActivityError) and error.cause is not None:
        where += f"{error.activity_type} failed: "
        error = error.cause
    kind = (error.type or "") if isinstance(error, ApplicationError) else type(error).__name__
    return {"kind": kind if not where else "", "why": f"it failed: {where}{error}"}


# --- judging -----------------------------------------------------------------------------------------


def judge_ended(asked: Asked, look: str) -> None:
    """The run completed.

    Raises:
        NotYet: it failed, or went on and on.
    """
    if asked.ended == "endless":
        raise NotYet(
            f'an answer to "{asked.question}"',
            f"it goes on and on: {asked.steps}",
            f"{look}: what ends the loop",
        )
    if asked.ended == "failed":
        raise NotYet(f'an answer to "{asked.question}"', asked.why, look)


def judge_answer(asked: Asked, look: str) -> None:
    """The run's result is the text of the model's last reply.

    Raises:
        NotYet: it is not.
    """
    judge_ended(asked, look)
    said = asked.model_calls[-1].output["text"] if asked.model_calls else ""
    if asked.answer != said or not said:
        raise NotYet(
            f"the text of the model's last reply as the result: {said!r}",
            describe(asked.answer),
            f"the `return` in {look}",
        )


def judge_tools_answered(asked: Asked, look: str) -> None:
    """Every tool call completed.

    Raises:
        NotYet: one failed.
    """
    for one in asked.tool_calls:
        if one.ended != "completed":
            raise NotYet(
                f"{one.name}({', '.join(map(str, one.input))}) to return something",
                f"it failed: {one.problem}" if one.cause else "it has not ended",
                one.line or look,
            )
        _judge_text(one, look)


def _judge_text(tool: ActivityRun, look: str) -> None:
    if tool.name != _MODEL and tool.ended == "completed" and not isinstance(tool.output, str):
        raise NotYet(f"a text from the tool {tool.name}", describe(tool.output), look)


def judge_conversation(asked: Asked, look: str) -> None:
    """Each model call was sent all before it, then the reply's items, then an answer to each of its calls.

    Raises:
        NotYet: something is missing, twice there, or in another order.
    """
    for number, (earlier, later) in enumerate(pairwise(asked.model_calls), 1):
        if earlier.ended != "completed":
            raise NotYet(
                "the model to be asked once a turn", f"{_MODEL} failed: {earlier.problem}", earlier.line
            )
        before, now = _sent(earlier), _sent(later)
        reply = earlier.output["items"]
        calls = sorted(item["call_id"] for item in reply if item.get("type") == "function_call")
        if not calls:
            raise NotYet(
                f'the run of "{asked.question}" to end with the first reply that asks for no tool',
                f"the model was asked again: {asked.steps}",
                "the loop in `run`: what ends it",
            )
        which = f'model call {number + 1} of "{asked.question}"'
        if now[: len(before)] != before:
            raise NotYet(
                f"{which} to begin with all that call {number} was sent: {_told(before)}", _told(now), look
            )
        added = now[len(before) :]
        wanted = f"{which} to add the reply's items, then an answer to each call: {_told([*reply, *_answers(reply)])}"
        answers = added[len(reply) :]
        answered = sorted(str(item.get("call_id")) if isinstance(item, dict) else "" for item in answers)
        if added[: len(reply)] != reply or answered != calls:
            raise NotYet(wanted, _told(added), look)


def _sent(call: ActivityRun) -> list[Any]:
    items: list[Any] = call.input[0]["input"]
    return items


def _answers(reply: list[Any]) -> list[dict[str, str]]:
    return [{"type": "function_call_output"} for item in reply if item.get("type") == "function_call"]


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _told(items: Sequence[Any]) -> str:
    """Items of a conversation by their types."""
    kinds = [
        str(item.get("type") or item.get("role")) if isinstance(item, dict) else describe(item)
        for item in items
    ]
    shown = ", ".join(kinds[:8])
    return (f"{shown} and {len(kinds) - 8} more" if len(kinds) > 8 else shown) or "nothing"


def judge_replays(asked: Asked, look: str) -> None:
    """The history leads the code along the same path again.

    Raises:
        NotYet: it does not.
    """
    if asked.misfit:
        raise NotYet("the run's history to lead the code along the same path again", asked.misfit, look)
