"""What is demanded of every run of the agent, whichever exercise asks."""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from workshop.checks.bench import NotYet, describe
from workshop.checks.histories import ActivityRun
from workshop.checks.outcomes import shorten
from workshop.exercises.native_agent.asked import MODEL, Asked, items_sent, judge_text


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
        judge_text(one, look)


def judge_conversation(asked: Asked, look: str) -> None:
    """Each model call was sent all before it, then the reply's items, then an answer to each of its calls.

    Raises:
        NotYet: something is missing, twice there, or in another order.
    """
    for number, (earlier, later) in enumerate(pairwise(asked.model_calls), 1):
        if earlier.ended != "completed":
            raise NotYet(
                "the model to be asked once per turn", f"{MODEL} failed: {earlier.problem}", earlier.line
            )
        before, now = items_sent(earlier), items_sent(later)
        reply = earlier.output["items"]
        calls = [item["call_id"] for item in reply if item.get("type") == "function_call"]
        if not calls:
            raise NotYet(
                f'the run of "{asked.question}" to end with the first reply that asks for no tool',
                f"the model was asked again: {asked.steps}",
                "the loop in `run`: what ends it",
            )
        which = f'model call {number + 1} of "{asked.question}"'
        if now[: len(before)] != before:
            lost = next((item for item in before if item not in now), None)
            if lost is not None:
                raise NotYet(
                    f"{which} to begin with everything that call {number} was sent: {_told(before)}",
                    f"{_told(now)}; this is missing: {shorten(json.dumps(lost), 200)}",
                    look,
                )
            raise _not_sent(
                f"{which} to begin with everything that call {number} was sent",
                before,
                now[: len(before)],
                look,
            )
        added = now[len(before) :]
        wanted = f"{which} to add the reply's items, then an answer to each call, in the order of the calls"
        answers = added[len(reply) :]
        answered = [str(item.get("call_id")) if isinstance(item, dict) else "" for item in answers]
        if added[: len(reply)] == reply and answered != calls and sorted(answered) == sorted(calls):
            raise NotYet(
                wanted,
                "each call is answered, but in another order, such as the order in which the tools ended, or that of a"
                " set, which may differ in a replay",
                look,
            )
        if added[: len(reply)] != reply or answered != calls:
            raise _not_sent(wanted, [*reply, *_answers(reply)], added, look)


def _answers(reply: list[Any]) -> list[dict[str, str]]:
    return [
        {"type": "function_call_output", "call_id": item["call_id"]}
        for item in reply
        if item.get("type") == "function_call"
    ]


def _not_sent(expected: str, wanted: list[Any], sent: list[Any], look: str) -> NotYet:
    told, got = _told(wanted), _told(sent)
    if told == got:
        # The kinds are the same: what differs is in one of the items.
        for number, (one, other) in enumerate(zip(wanted, sent, strict=False), 1):
            if one.items() - other.items() if isinstance(other, dict) and _flat(one) else one != other:
                return NotYet(
                    f"{expected}; item {number}: {shorten(json.dumps(one), 200)}",
                    shorten(json.dumps(other), 200),
                    look,
                )
    return NotYet(f"{expected}: {told}", got, look)


def _flat(item: dict[str, Any]) -> bool:
    return all(isinstance(value, str) for value in item.values())


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
        raise NotYet("a replay of the run's history to take the same path again", asked.misfit, look)


def tool_used(asked: Asked, names: list[str], look: str) -> ActivityRun:
    """The first use of one of these tools in a run.

    Raises:
        NotYet: the model used none.
    """
    found = next((one for one in asked.tool_calls if one.name in names), None)
    if found is None:
        raise NotYet(
            f'the tool {" or ".join(names)} in the history of "{asked.question}"',
            f"{asked.steps}; the model answered without it: {shorten(str(asked.answer), 200)!r}",
            look,
        )
    return found
