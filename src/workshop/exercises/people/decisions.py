"""A person's answers, as the check gives them: what waits for one, and whether one is accepted."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from workshop.checks.bench import NotYet, describe
from workshop.checks.endings import beside, code_failure
from workshop.checks.obstacles import holding_up
from workshop.checks.workflows import answer_within

if TYPE_CHECKING:
    from temporalio.client import WorkflowHandle


PATIENCE = 8.0
"""Seconds for what a run does within milliseconds."""


async def pending(
    handle: WorkflowHandle[Any, Any],
    calls: Sequence[str],
    look: str = "the query `pending`",
    *,
    expected: str = "",
    enough: int = 0,
    decided: Sequence[str] = (),
) -> list[str]:
    """The ids that the query lists, once these calls are among them.

    Args:
        handle: The run.
        calls: The calls.
        look: Where to look if they do not come.
        expected: What is expected, for the message; that the query lists them, unless given.
        enough: How many of the calls will do; all of them unless given.
        decided: Calls that must not wait again.

    Raises:
        NotYet: they do not come, a decided one does, or the query tells something else.
    """
    expected = expected or f"`pending` to list {', '.join(calls)}"
    listing = _listing(handle, calls, enough or len(calls), expected, look)
    try:
        return await beside(handle, listing, look, expected=expected, timeout=PATIENCE)
    except NotYet:
        if decided:
            waiting = [str(one["call_id"]) for one in await handle.query("pending")]
            need_once(waiting, [one for one in waiting if one not in decided], look)
        raise


def need_once(waiting: Sequence[str], undecided: Sequence[str], look: str) -> None:
    """Make sure that no call waits again that is decided already.

    Args:
        waiting: What the query lists.
        undecided: The calls that may wait.
        look: Where to look if another does.

    Raises:
        NotYet: another does.
    """
    if again := [call for call in waiting if call not in undecided]:
        got = f"{again[0]} is decided, and `pending` lists it again"
        raise NotYet("each call to wait for one decision", got, look)


async def need_shown(
    handle: WorkflowHandle[Any, Any], shown: Mapping[str, tuple[str, dict[str, Any]]]
) -> None:
    """Make sure that the query shows of each call what a person has to know, and the same when it is asked again.

    Args:
        handle: The run.
        shown: The tool's name and the arguments, by the calls' ids.

    Raises:
        NotYet: it does not.
    """
    look = "what `pending` shows of a call"
    first = await beside(handle, handle.query("pending"), look, expected="`pending`", timeout=PATIENCE)
    again = await beside(handle, handle.query("pending"), look, expected="`pending`", timeout=PATIENCE)
    if first != again:
        got = f"when asked twice in a row, it answers {describe(first)}, then {describe(again)}"
        raise NotYet("`pending` to change nothing", got, "the query `pending`")
    for call in [one for one in first if one["call_id"] in shown]:
        name, arguments = shown[call["call_id"]]
        for field, wanted, seen in (
            ("name", name, call.get("name")),
            ("arguments", arguments, _read(call.get("arguments"))),
        ):
            if seen != wanted:
                raise NotYet(
                    f"a person to see the `{field}` of {call['call_id']}: {wanted!r}",
                    describe(call.get(field)),
                    look,
                )


def _read(arguments: Any) -> Any:
    try:
        return json.loads(arguments) if isinstance(arguments, str) else arguments
    except ValueError:
        return arguments


async def _listing(
    handle: WorkflowHandle[Any, Any], calls: Sequence[str], enough: int, expected: str, look: str
) -> list[str]:
    from temporalio.client import WorkflowQueryFailedError

    seen: list[str] = []
    until = time.monotonic() + PATIENCE / 2
    while time.monotonic() < until:
        try:
            told = await handle.query("pending")
        except WorkflowQueryFailedError as error:
            raise NotYet(expected, f"the query failed: {error}", look) from None
        if not isinstance(told, list) or not all(isinstance(one, dict) and "call_id" in one for one in told):
            raise NotYet("`pending`: the calls as a list", describe(told), "the `return` of `pending`")
        seen = [one["call_id"] for one in told]
        if len(set(calls) & set(seen)) >= enough:
            return seen
        await asyncio.sleep(0.05)
    got = f"`pending` lists {', '.join(seen) or 'nothing'}"
    # What comes before these calls may not come to its end.
    if way := await holding_up(handle):
        raise NotYet(expected, f"{got}: {way[0]}", way[1] or look)
    raise NotYet(expected, got, look)


async def decide(
    handle: WorkflowHandle[Any, Any], call: str, approved: bool, expected: str = "an answer to `decide`"
) -> str:
    """Answer; why that was refused, or nothing if it was accepted.

    Raises:
        NotYet: neither comes, since the run's code fails or has ended.
    """
    refusal = await beside(
        handle, decide_now(handle, call, approved), "`decide`", expected=expected, timeout=PATIENCE
    )
    # A step whose code failed is begun again from the start, where nothing waits yet.
    if refusal and (problem := code_failure(handle, expected, "`decide`")):
        raise problem
    return refusal


async def decide_now(handle: WorkflowHandle[Any, Any], call: str, approved: bool) -> str:
    """As :func:`decide`, without a look at how the run is doing.

    Raises:
        TimeoutError: neither comes.
    """
    from temporalio.client import WorkflowUpdateFailedError

    try:
        await answer_within(PATIENCE, handle.execute_update("decide", args=[call, approved]))
    except WorkflowUpdateFailedError as error:
        return f"refused: {error.cause}"
    return ""


async def need_accepted(handle: WorkflowHandle[Any, Any], call: str, approved: bool, what: str) -> None:
    """Give an answer that has to count.

    Args:
        handle: The run.
        call: The call's id.
        approved: The answer.
        what: What it is, for the message: ``"a no"``.

    Raises:
        NotYet: it is refused.
    """
    expected = f"{what} to be accepted"
    if refusal := await decide(handle, call, approved, expected):
        raise NotYet(expected, refusal, "`decide` and its validator")


async def need_refused(handle: WorkflowHandle[Any, Any], call: str, approved: bool, what: str) -> str:
    """Give an answer that must not count; the arguments are those of :func:`need_accepted`.

    Returns:
        What the refusal says.

    Raises:
        NotYet: it is accepted, or runs into an error of the handler.
    """
    look = "the method marked `@decide.validator`: it refuses by raising an error"
    try:
        refusal = await decide(handle, call, approved)
    except NotYet as problem:
        if not code_failure(handle, "", look):
            raise
        raise NotYet(f"{what} to be refused", f"`decide` ran: {problem.got}", look) from None
    if not refusal:
        raise NotYet(f"{what} to be refused", "it was accepted", look)
    return refusal.removeprefix("refused: ")
