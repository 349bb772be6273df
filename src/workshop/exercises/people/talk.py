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
from workshop.exercises.handlers import need_handler
from workshop.exercises.people.root_cause import root_of

if TYPE_CHECKING:
    from temporalio.client import WorkflowHandle


def need_chat(module: ModuleType, name: str) -> Any:
    """The learner's workflow of that name, which can be told something and shows what was said.

    Raises:
        NotYet: it is missing, or lacks the update or the query.
    """
    defined = need(module, name, type, "a class")
    if getattr(defined, "__temporal_workflow_definition", None) is None:
        raise NotYet(f"`{name}`, a workflow", "a class without @workflow.defn", place_of(module))
    need_handler(module, defined, "update", "say")
    need_handler(module, defined, "query", "history")
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

    look = "the query `history`"
    try:
        first = await beside(handle, handle.query("history"), look, expected="`history`")
        again = await beside(handle, handle.query("history"), look, expected="`history`")
        if first != again:
            got = f"when asked twice in a row, it answers {describe(first)}, then {describe(again)}"
            raise NotYet("`history` to change nothing", got, look)
        return first
    except WorkflowQueryFailedError as error:
        raise NotYet(
            "`history`: a list of strings", f"it failed: {error}", "the query `history`: `self.lines`"
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
    turns = _turns(calls)
    for n, (text, answer) in enumerate(zip(texts, answers, strict=True)):
        mine = [turn for turn in turns if asked_in(turn[0]) == text]
        number = texts[: n + 1].count(text)
        if len(mine) < number or len(mine) > texts.count(text):
            again = " again" if number > 1 else ""
            got = f"it was asked {len(mine)} times"
            raise NotYet(f"{text!r} to be asked once{again}", got, look)
        turn = mine[number - 1]
        if not isinstance(answer, str) or answer.strip() != said_in(turn[-1]).strip():
            raise NotYet("the model's answer", describe(answer), f"the `return` of {look}: `final_output`")
        if n:
            _judge_sent(turn, [one for one in turns if one is not turn], texts[: n + 1], answers[:n], look)


def _turns(calls: Sequence[ActivityRun]) -> list[list[ActivityRun]]:
    """Model calls, by the message that they were for."""
    turns: list[list[ActivityRun]] = []
    for call in calls:
        fresh = text_of(items_of(call)[-1]) == asked_in(call) and items_of(call)[-1].get("role") == "user"
        if fresh:
            turns.append([call])
        elif own := [turn for turn in turns if asked_in(turn[0]) == asked_in(call)]:
            own[-1].append(call)
    return turns


def _judge_sent(
    turn: Sequence[ActivityRun],
    others: Sequence[Sequence[ActivityRun]],
    texts: Sequence[str],
    answers: Sequence[str],
    look: str,
) -> None:
    """The first call of a turn was sent all messages and answers so far, each once, and what tools had said."""
    items = items_of(turn[0])
    sent = [text_of(item) for item in items]
    said = [one for pair in zip(texts, answers, strict=False) for one in pair]
    expected = f"{texts[-1]!r} to be sent with the whole conversation before it, each message once"
    missing = [one for one in said if one not in sent]
    # Of the message just before this one: the numbers of an earlier run of the chat say nothing here.
    before = [one for one in others if asked_in(one[0]) == texts[-2] and answers[-1] in missing]
    if any(one[-1].asked_by >= turn[0].asked_by for one in before):
        got = "it was asked while another message was still being answered"
        raise NotYet(f"{texts[-1]!r} to wait for its turn", got, f"{look}: `async with self.lock:`")
    if missing:
        raise NotYet(expected, f"{shorten(missing[0], 80)!r} was not sent", f"{look}: `self.items`")
    asked = [text_of(item) for item in items if item.get("role") == "user"]
    if asked != list(texts):
        got = f"as the user's messages these were sent: {[shorten(one, 40) for one in asked]}"
        raise NotYet(expected, got, f"{look}: `self.items`")
    answered = [text_of(item) for item in items if item.get("role") == "assistant"]
    if [one.strip() for one in answered] != [one.strip() for one in answers]:
        got = f"as its own answers these were sent: {[shorten(one, 40) for one in answered]}"
        raise NotYet(expected, got, f"{look}: `self.items`")
    outputs = [item for item in items if item.get("type") == "function_call_output"]
    used = [
        item
        for one in others
        if asked_in(one[0]) in texts[:-1]
        for item in items_of(one[-1])[len(items_of(one[0])) :]
        if item.get("type") == "function_call_output"
    ]
    if len(outputs) < len(used):
        got = f"of its tools' earlier outputs, {len(outputs)} of {len(used)} were sent"
        raise NotYet(expected, got, f"{look}: `self.items = result.to_input_list()`")


def judge_lines(lines: Any, texts: Sequence[str], answers: Sequence[str], look: str = "`self.lines`") -> None:
    """The chat shows each message and its answer, in order.

    Raises:
        NotYet: it does not.
    """
    wanted = [said for pair in zip(texts, answers, strict=True) for said in pair]
    if not isinstance(lines, list) or not all(isinstance(line, str) for line in lines):
        raise NotYet("`history`: a list of strings", describe(lines), "the query `history`")
    if len(lines) != len(wanted) or not all(said in line for said, line in zip(wanted, lines, strict=True)):
        shown = [shorten(" ".join(line.split()), 40) for line in lines]
        raise NotYet(
            f"`history`: {len(wanted)} lines, each message and its answer in order",
            f"{len(lines)} lines: {shown}",
            look,
        )
