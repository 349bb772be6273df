"""A run that asks back, as the check answers it: what it asks, whether it takes an answer, whether it goes on."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from workshop.checks.agent_runs import MODEL_CALL
from workshop.checks.bench import NotYet
from workshop.checks.endings import beside
from workshop.checks.workflows import answer_within
from workshop.exercises.handlers import is_of_type

if TYPE_CHECKING:
    from temporalio.client import WorkflowHandle


async def asked_back(handle: WorkflowHandle[Any, Any], look: str) -> str:
    """What the run asks back, as soon as it does.

    Raises:
        NotYet: it does not.
    """

    async def asked() -> str:
        while not (question := await handle.query("open_question")):  # noqa: ASYNC110 - a query only looks
            await asyncio.sleep(0.05)
        return str(question)

    return str(await beside(handle, asked(), look, expected="the run to ask back", timeout=10))


async def is_refused(handle: WorkflowHandle[Any, Any], answer: str) -> bool:
    """Whether the update was refused.

    Raises:
        NotYet: the validator, or the handler itself, has a fault.
    """
    from temporalio.client import WorkflowUpdateFailedError
    from temporalio.exceptions import ApplicationError

    sent = answer_within(7, handle.execute_update("clarify", answer))
    try:
        await beside(handle, sent, "`clarify`", expected="an answer to the update `clarify`", timeout=10)
    except TimeoutError:
        got = f"{answer!r} was neither accepted nor refused: `clarify` has started, and waits"
        raise NotYet("`clarify` to accept an answer or refuse it, at once", got, "`clarify`") from None
    except WorkflowUpdateFailedError as error:
        kind = error.cause.type if isinstance(error.cause, ApplicationError) else None
        if not is_of_type(kind or "", ValueError):
            look = "the validator of `clarify`"
            got = str(error.cause)
            raise NotYet("the validator to refuse with a ValueError", got, look) from None
        return True
    except NotYet as error:
        if "ValueError" not in error.got:
            raise
        got = f"{error.got} (Temporal takes an error in `clarify` itself for a bug, and tries the step again)"
        raise NotYet(
            "an answer to be refused by the validator, before it has any effect", got, error.look
        ) from None
    return False


async def need_refused(handle: WorkflowHandle[Any, Any], answer: str, when: str) -> None:
    """Make sure that an answer is refused.

    Args:
        handle: The run.
        answer: What it is told.
        when: In which case, for the message: ``"a second time"``.

    Raises:
        NotYet: it is taken, or the update has a fault.
    """
    if not await is_refused(handle, answer):
        look = "the validator of `clarify`: it refuses by raising a ValueError"
        raise NotYet(f"an answer to be refused {when}", "it was accepted", look)


async def need_taken(handle: WorkflowHandle[Any, Any], answer: str) -> None:
    """Make sure that an answer is taken.

    Raises:
        NotYet: it is refused, or the update has a fault.
    """
    if await is_refused(handle, answer):
        raise NotYet(f"the answer {answer!r} to be accepted", "it was refused", "the validator of `clarify`")


async def need_one_taken(handle: WorkflowHandle[Any, Any], answer: str) -> None:
    """Give an answer of one word, twice at once: one of the two is taken.

    Raises:
        NotYet: both are, or none is.
    """
    refused = await asyncio.gather(*[is_refused(handle, answer) for _ in range(2)])
    if all(refused):
        raise NotYet(f"the answer {answer!r} to be accepted", "it was refused", "the validator of `clarify`")
    if not any(refused):
        got = "both were: when the second arrived, nothing yet showed that the first had been accepted"
        raise NotYet(
            "one of two answers that arrive at once to be accepted", got, "`clarify`: what it keeps, and when"
        )


async def need_still_asked(handle: WorkflowHandle[Any, Any], asked: str) -> None:
    """Make sure that a refused answer has changed nothing.

    Raises:
        NotYet: the run asks something else now, or nothing.
    """
    now = await handle.query("open_question")
    if now != asked:
        raise NotYet(f"the run to still ask {asked!r}", f"it asks {now!r}", "the validator of `clarify`")


async def updates_accepted(handle: WorkflowHandle[Any, Any]) -> int:
    """How many updates the history of a run holds."""
    history = await handle.fetch_history()
    return sum(one.HasField("workflow_execution_update_accepted_event_attributes") for one in history.events)


async def gone_on(handle: WorkflowHandle[Any, Any]) -> None:
    """Wait until a run that has its answer asks the model again.

    Raises:
        NotYet: it does not.
    """
    from workshop.checks.histories import activity_runs

    async def asked_again() -> None:
        # The run's own calls are counted: other runs ask the model, too.
        while sum(run.name == MODEL_CALL for run in await activity_runs(handle)) < 2:  # noqa: ASYNC110
            await asyncio.sleep(0.05)

    expected = "the run to go on after the answer"
    try:
        await beside(handle, asyncio.wait_for(asked_again(), 6), "`clarify`", expected=expected)
    except TimeoutError:
        raise NotYet(expected, "it still waits for `self.answer`", "`clarify`: what it keeps") from None
