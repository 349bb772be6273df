"""One of several searches that fails: a note takes its place, and a cancelled run stays cancelled."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from types import ModuleType
from typing import TYPE_CHECKING, Any

from workshop.checks.agent_runs import MODEL_CALL, asked_in, need_files, said_in
from workshop.checks.agent_workers import plugin
from workshop.checks.bench import Bench, NotYet, describe, need_function
from workshop.checks.endings import beside, ending_of, result_of
from workshop.checks.fresh import Fresh
from workshop.checks.histories import activity_runs, timers_of
from workshop.checks.outcomes import shorten
from workshop.checks.registry import exercise
from workshop.checks.workflows import handle_of, running_worker, task_queue
from workshop.exercises.documentation import TEMPORAL
from workshop.exercises.micro_agents.project import RESEARCH

if TYPE_CHECKING:
    from temporalio.client import Client, WorkflowHandle

_LOOK = "the body of `look_up`"
_NARROW = f"{_LOOK}: `except AgentsWorkflowError`, and nothing wider"


@exercise(
    proves="Two of three searches succeeded, the third note says why its search failed, and a cancelled run ended"
    " as cancelled.",
    hints=(
        "At which place do you still know which search has failed?",
        "`except AgentsWorkflowError as error`; what the activity raised is `error.__cause__.__cause__`: "
        f"{TEMPORAL}/failure-detection",
        'try:\n    result = await Runner.run(searcher(), f"Search for: {search.query}")\n'
        "    return str(result.final_output)\nexcept AgentsWorkflowError as error:\n"
        '    return f"The search failed: ..."',
    ),
    timeout=60,
)
async def look_up(bench: Bench) -> str:
    """Three searches side by side, of which one fails for good; what else can go wrong; and a run that is cancelled."""
    need_files(bench, *RESEARCH)
    closed = f"The reading room is closed for good: {Fresh(bench.exercise.id).text()}."
    seen = await bench.run(_probe_look_up, closed, bench.scope)
    if seen["hidden"]:
        raise NotYet("an error other than a failed search to be raised", seen["hidden"], _NARROW)
    handle = await handle_of(bench)
    runs = await activity_runs(handle)
    answers = {asked_in(run): said_in(run).strip() for run in runs if run.name == MODEL_CALL and said_in(run)}
    for query, note in zip(seen["queries"], seen["notes"], strict=True):
        if not isinstance(note, str):
            raise NotYet(f"a note for {query!r}, as a string", describe(note), f"{_LOOK}: what it returns")
        if query == seen["shut"]:
            _judge_note(note, closed)
            continue
        if f"Search for: {query}" not in answers:
            raise NotYet(
                f"the searcher to be asked 'Search for: {query}'", f"it was asked {_all(answers)}", _LOOK
            )
        if note.strip() != answers[f"Search for: {query}"]:
            raise NotYet("what the searcher says as the note", describe(note), f"{_LOOK}: `final_output`")
    calls = sum(run.name == MODEL_CALL for run in runs)
    if calls != 5:
        raise NotYet(
            "five model calls: two for each search that succeeded, one for the one that failed",
            f"{calls} model calls",
            f"{_LOOK}: a search that has failed for good is not paid for again",
        )
    if timers := await timers_of(handle):
        raise NotYet("a search to take as long as it needs", f"a timer of {timers[0]:g} s", _LOOK)
    ended = await bench.run(_probe_cancelled, f"{bench.scope}-slow")
    if ended != "cancelled":
        raise NotYet("a run that is cancelled while it searches to end as cancelled", f"it {ended}", _NARROW)
    shown = next(str(note) for note in seen["notes"] if note.startswith("The search failed"))
    return shown.partition(": The reading")[0] + ": The reading room is closed for good."


def _judge_note(note: str, closed: str) -> None:
    if not note.startswith("The search failed"):
        raise NotYet('"The search failed" at the beginning of the note', describe(note), _LOOK)
    if closed not in note:
        raise NotYet(
            f"the reason in the note, as the activity tells it: {closed!r}",
            describe(note),
            f"{_LOOK}: `error.__cause__.__cause__`",
        )


def _all(texts: Mapping[str, str]) -> str:
    return ", ".join(repr(shorten(one, 60)) for one in texts) or "nothing"


async def _probe_look_up(module: ModuleType, closed: str, workflow_id: str) -> dict[str, Any]:
    from workshop.exercises.micro_agents import fated_searches as fated

    own = need_function(module, "look_up", is_async=True)
    fated.closed = closed
    queries = [fated.GOOD, fated.SHUT, "why rivers bend"]
    async with running_worker(
        plugins=[plugin()], workflows=[fated.LookUps], activities=[fated.search]
    ) as client:
        handle = await _start(client, "LookUps", queries, workflow_id)
        try:
            notes = await result_of(handle, _LOOK, what="the three searches")
        except NotYet as error:
            if closed not in error.got:
                raise
            raise NotYet(
                "a note in place of the search that failed for good",
                f"its error was not caught, and ended the other two searches as well: {closed!r}",
                f"{_LOOK}: `except AgentsWorkflowError`",
            ) from None
    return {"queries": queries, "shut": fated.SHUT, "notes": notes, "hidden": await _hidden(own)}


async def _probe_cancelled(module: ModuleType, workflow_id: str) -> str:
    """In the child: how a run ends that is cancelled while it searches."""
    from workshop.exercises.micro_agents import fated_searches as fated

    need_function(module, "look_up", is_async=True)
    # Awaited alone: a `gather` around it would end as cancelled whatever `look_up` makes of that.
    async with running_worker(
        plugins=[plugin()], workflows=[fated.LookUpAlone], activities=[fated.search]
    ) as client:
        slow = await _start(client, "LookUpAlone", fated.SLOW, workflow_id)
        await beside(slow, fated.searching.wait(), _LOOK, expected="the searcher to search")
        await slow.cancel()
        return await ending_of(slow, _LOOK, what="a run that is cancelled while it searches", timeout=10)


async def _hidden(own: Any) -> str:
    """What `look_up` makes of errors that are no failed search; empty if it lets all of them pass."""
    import importlib

    from agents import MaxTurnsExceeded, Runner
    from temporalio.exceptions import ActivityError, ApplicationError, RetryState

    search = importlib.import_module("my.micro_agents.papers").Search(query="bees", reason="")
    refused = ActivityError(
        "Activity task failed",
        scheduled_event_id=1,
        started_event_id=2,
        identity="",
        activity_type=MODEL_CALL,
        activity_id="1",
        retry_state=RetryState.NON_RETRYABLE_FAILURE,
    )
    # As in a run: code that catches it goes down the causes.
    refused.__cause__ = ApplicationError("The model's service refused the key.", type="AuthenticationError")
    errors: dict[str, BaseException] = {
        "a model call that was refused": refused,
        "a mistake in the code, such as a KeyError,": KeyError("qurey"),
        "the SDK's own limit of turns": MaxTurnsExceeded("Max turns (10) exceeded"),
        "a cancellation": asyncio.CancelledError(),
    }
    real = Runner.run
    for what, error in errors.items():

        async def fail(*_: Any, error: BaseException = error, **__: Any) -> Any:
            raise error

        Runner.run = fail  # type: ignore[method-assign]
        try:
            returned = await own(search)
        except BaseException:  # noqa: S112 - as it should be
            continue
        finally:
            Runner.run = real  # type: ignore[method-assign]
        return f"of {what} it made {describe(returned)}"
    return ""


async def _start(client: Client, name: str, given: Any, workflow_id: str) -> WorkflowHandle[Any, Any]:
    return await client.start_workflow(name, given, id=workflow_id, task_queue=task_queue())
