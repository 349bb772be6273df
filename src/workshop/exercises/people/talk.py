"""What is said in a chat: how it is answered, what the model is sent of it, and which lines it shows."""

from __future__ import annotations

from collections.abc import Awaitable, Sequence
from types import ModuleType
from typing import TYPE_CHECKING, Any

from workshop.checks.agent_runs import MODEL_CALL, asked_in, items_of, said_in, text_of
from workshop.checks.bench import NotYet, describe, need, place_of
from workshop.checks.endings import beside
from workshop.checks.histories import ActivityRun
from workshop.checks.outcomes import shorten
from workshop.exercises.people.root_cause import root_of

if TYPE_CHECKING:
    from temporalio.client import WorkflowHandle


def need_chat(module: ModuleType, name: str) -> Any:
    """The learner's workflow of that name, which can be told something and shows what was said.

    Raises:
        NotYet: it is missing, or lacks the update or the query.
    """
    defined = need(module, name, type, "a class")
    definition = getattr(defined, "__temporal_workflow_definition", None)
    if definition is None:
        raise NotYet(f"`{name}`, a workflow", "a class without @workflow.defn", place_of(module))
    if "say" not in definition.updates:
        raise NotYet("the update `say`", "the workflow has none of that name", "`@workflow.update`")
    if "history" not in definition.queries:
        raise NotYet("the query `history`", "the workflow has none of that name", "`@workflow.query`")
    return defined


async def answer_of(handle: WorkflowHandle[Any, Any], update: Awaitable[Any], look: str = "`say`") -> Any:
    """What comes of a message.

    Args:
        handle: The chat.
        update: The update, on its way.
        look: Where to look if nothing comes.

    Raises:
        NotYet: nothing does; it says why.
    """
    from temporalio.client import WorkflowUpdateFailedError

    expected = "an answer to each message"
    try:
        return await beside(handle, update, look, expected=expected, timeout=15)
    except WorkflowUpdateFailedError as error:
        root = str(root_of(error))
        if "Workflow completed before the Update" in root:
            look += ": `await workflow.wait_condition(workflow.all_handlers_finished)`"
        raise NotYet(expected, f"one failed: {root}", look) from None


async def history_of(handle: WorkflowHandle[Any, Any]) -> Any:
    """What the chat shows of what was said.

    Raises:
        NotYet: the query fails.
    """
    from temporalio.client import WorkflowQueryFailedError

    try:
        return await beside(handle, handle.query("history"), "the query `history`", expected="`history`")
    except WorkflowQueryFailedError as error:
        raise NotYet(
            "`history`: a list of texts", f"it failed: {error}", "the query `history`: `self.lines`"
        ) from None


def judge_chat(runs: Sequence[ActivityRun], texts: Sequence[str], answers: Sequence[Any], look: str) -> None:
    """Each message was asked once, with all that was said before it, and its answer was the model's.

    Args:
        runs: The activities of the chat.
        texts: The messages in order.
        answers: What came of each.
        look: Where to look if it was not so.

    Raises:
        NotYet: it was not.
    """
    calls = [run for run in runs if run.name == MODEL_CALL]
    before: list[str] = []
    for text, answer in zip(texts, answers, strict=True):
        mine = [run for run in calls if asked_in(run) == text]
        firsts = [run for run in mine if text_of(items_of(run)[-1]) == text]
        if len(firsts) != 1:
            raise NotYet(f"{text!r} to be asked once", f"it was asked {len(firsts)} times", look)
        if not isinstance(answer, str) or answer.strip() != said_in(mine[-1]).strip():
            raise NotYet("the model's answer", describe(answer), f"the `return` of {look}: `final_output`")
        sent = [text_of(item) for item in items_of(firsts[0])]
        missing = [said for said in before if said not in sent]
        if missing:
            raise NotYet(
                f"{text!r} to be asked with all that was said before",
                f"{shorten(missing[0], 80)!r} was not sent",
                f"{look}: `self.items`",
            )
        before += [text, answer]


def judge_lines(lines: Any, texts: Sequence[str], answers: Sequence[str]) -> None:
    """The chat shows each message and its answer, in order.

    Raises:
        NotYet: it does not.
    """
    wanted = [said for pair in zip(texts, answers, strict=True) for said in pair]
    if not isinstance(lines, list) or not all(isinstance(line, str) for line in lines):
        raise NotYet("`history`: a list of texts", describe(lines), "the query `history`")
    if len(lines) != len(wanted) or not all(said in line for said, line in zip(wanted, lines, strict=True)):
        shown = [shorten(" ".join(line.split()), 40) for line in lines]
        raise NotYet(
            f"`history`: {len(wanted)} lines, each message and its answer in order",
            f"{len(lines)} lines: {shown}",
            "`self.lines`",
        )
