"""The whole agent on the learner's files: asked in the child process, and told by its histories."""

from __future__ import annotations

import asyncio
import importlib
from collections.abc import Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import TYPE_CHECKING, Any

from workshop.checks.bench import Bench, NotYet, describe, need
from workshop.checks.blocking import watch_loop
from workshop.checks.endings import ending_of, judge_lateness
from workshop.checks.histories import ActivityRun, activity_runs
from workshop.checks.workflows import handle_of, misfit, need_activity, running_worker, task_queue

if TYPE_CHECKING:
    from temporalio.client import Client

MODEL = "call_model"
"""The model call's activity."""

TALKATIVE = "talkative"
"""The name in :mod:`workshop.exercises.native_agent.counterparts` of a stand-in for the model that says more than it
must.
"""

_PACKAGE = "my.native_agent"
_PATIENCE = 45.0
"""Seconds for each run; what stands in its way is mostly known before."""

_LONGEST = 120
"""Events after which a run is ended: it goes round and round. The longest that a check asks for has 47."""


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
        return [one for one in self.activities if one.name == MODEL]

    @property
    def tool_calls(self) -> list[ActivityRun]:
        """The others."""
        return [one for one in self.activities if one.name != MODEL]

    def model_was_told(self, text: str) -> bool:
        """Whether the last model call was sent a tool's output that holds this text."""
        sent = items_sent(self.model_calls[-1]) if self.model_calls else []
        outputs = [str(item.get("output", "")) for item in sent if isinstance(item, dict)]
        return any(_one_line(text) in _one_line(output) for output in outputs)

    @property
    def steps(self) -> str:
        """The activities' names in order."""
        names = [one.name for one in self.activities]
        shown = ", ".join(names[:12])
        return (f"{shown} and {len(names) - 12} more" if len(names) > 12 else shown) or "no activity"


def items_sent(call: ActivityRun) -> list[Any]:
    """The conversation that a model call was sent."""
    items: list[Any] = call.input[0]["input"]
    return items


def judge_text(tool: ActivityRun, look: str) -> None:
    """A tool that completed has returned a text.

    Raises:
        NotYet: it has returned something else.
    """
    if tool.name != MODEL and tool.ended == "completed" and not isinstance(tool.output, str):
        raise NotYet(f"a text from the tool {tool.name}", describe(tool.output), look)


def _one_line(text: str) -> str:
    return " ".join(text.split())


async def ask(bench: Bench, questions: Sequence[tuple[str, int]], look: str, model: str = "") -> list[Asked]:
    """Ask the agent all questions at the same time.

    Args:
        bench: The check's, in a :func:`~workshop.exercises.native_agent.project.project`.
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
    from workshop.exercises.native_agent import counterparts

    own = {
        name: importlib.import_module(f"{_PACKAGE}.{name}") for name in ("workflow", "model", "tool_activity")
    }
    defined = need(own["workflow"], "AgentWorkflow", type, "a class")
    activities = [need_activity(own["model"], MODEL), need_activity(own["tool_activity"], "use_tool")]
    if model:
        activities = [getattr(counterparts, model), counterparts.any_tool]
    watch_loop()
    async with running_worker(workflows=[defined], activities=activities) as client:
        return await asyncio.gather(
            *[
                _end_of(
                    client,
                    defined,
                    f"{prefix}-{number}",
                    {"text": text, "max_turns": turns},
                    look,
                    own=not model,
                )
                for number, (text, turns) in enumerate(questions)
            ]
        )


async def _end_of(
    client: Client, defined: type, workflow_id: str, question: dict[str, Any], look: str, *, own: bool
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
            # A stand-in's tools are late on a busy machine only: that is nobody's fault.
            if own:
                judge_lateness(described, look, limit="TIMEOUT in tool_calls.py", besides=MODEL)
        except NotYet:
            ending.cancel()
            raise
    try:
        ended = await ending
    except NotYet:
        # A workflow that waits for a text fails with anything else. The tool is to blame, and not its code.
        for one in await activity_runs(handle):
            judge_text(one, look)
        raise
    told = {"ended": ended, "answer": None, "kind": "", "why": "", "misfit": ""}
    if endless:
        return told | {"ended": "endless"}
    try:
        told["answer"] = await handle.result()
    except WorkflowFailureError as error:
        told |= _failure(error.cause)
    return told | {"misfit": await misfit(handle, defined)}


def _failure(error: BaseException) -> dict[str, str]:
    """A failure of a run, or of an activity in it: the type of its own, and its message."""
    from temporalio.exceptions import ActivityError, ApplicationError

    where = ""
    while isinstance(error, ActivityError) and error.cause is not None:
        where += f"{error.activity_type} failed: "
        error = error.cause
    kind = (error.type or "") if isinstance(error, ApplicationError) else type(error).__name__
    return {"kind": kind if not where else "", "why": f"it failed: {where}{error}"}
