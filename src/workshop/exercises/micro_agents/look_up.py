"""One of several searches that fails: a note takes its place, and a cancelled run stays cancelled."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from types import ModuleType
from typing import TYPE_CHECKING, Any

from workshop.checks.agent_runs import MODEL_CALL, asked_in, need_files, said_in
from workshop.checks.agent_workers import plugin
from workshop.checks.bench import Bench, NotYet, describe, need_function
from workshop.checks.endings import beside, ending_of, result_of
from workshop.checks.histories import activity_runs
from workshop.checks.outcomes import shorten
from workshop.checks.registry import exercise
from workshop.checks.workflows import handle_of, running_worker, task_queue
from workshop.exercises.documentation import TEMPORAL
from workshop.exercises.micro_agents.project import RESEARCH

if TYPE_CHECKING:
    from temporalio.client import Client, WorkflowHandle


@exercise(
    proves="Two of three searches went through, the third said why it had not, and a cancelled run stayed cancelled.",
    hints=(
        "Where can you still know which of the searches it was that failed?",
        "`except AgentsWorkflowError as error`; what the activity raised is `error.__cause__.__cause__`: "
        f"{TEMPORAL}/failure-detection",
        'try:\n    result = await Runner.run(searcher(), f"Search for: {search.query}")\n'
        "    return str(result.final_output)\nexcept AgentsWorkflowError as error:\n"
        '    return f"The search failed: ..."',
    ),
    timeout=60,
)
async def look_up(bench: Bench) -> str:
    """Three searches side by side, of which one fails for good; and a run that is cancelled while it searches."""
    from workshop.exercises.micro_agents.fated_searches import CLOSED

    need_files(bench, *RESEARCH)
    seen = await bench.run(_probe_look_up, bench.scope)
    look = "the body of `look_up`"
    runs = await activity_runs(await handle_of(bench))
    answers = {asked_in(run): said_in(run).strip() for run in runs if run.name == MODEL_CALL and said_in(run)}
    for query, note in zip(seen["queries"], seen["notes"], strict=True):
        if not isinstance(note, str):
            raise NotYet(f"a note for {query!r}, as a text", describe(note), f"{look}: what it returns")
        if query == seen["shut"]:
            if not note.startswith("The search failed"):
                raise NotYet('"The search failed" at the beginning of the note', describe(note), look)
            if CLOSED not in note:
                raise NotYet(
                    f"the reason in the note: {CLOSED!r}",
                    describe(note),
                    f"{look}: `error.__cause__.__cause__`",
                )
            continue
        if f"Search for: {query}" not in answers:
            raise NotYet(
                f"the searcher to be asked 'Search for: {query}'", f"it was asked {_all(answers)}", look
            )
        if note.strip() != answers[f"Search for: {query}"]:
            raise NotYet("what the searcher says as the note", describe(note), f"{look}: `final_output`")
    if seen["ended"] != "cancelled":
        raise NotYet(
            "a run that is cancelled while it searches to end as cancelled",
            f"it {seen['ended']}",
            f"{look}: `except AgentsWorkflowError`, and nothing wider",
        )
    if seen["hidden"]:
        raise NotYet(
            "an error that is no failed search to pass",
            f"given something that is no Search, it returned {shorten(seen['hidden'], 120)!r}",
            f"{look}: `except AgentsWorkflowError`, and nothing wider",
        )
    return next(str(note) for note in seen["notes"] if note.startswith("The search failed"))


def _all(texts: Mapping[str, str]) -> str:
    return ", ".join(repr(shorten(one, 60)) for one in texts) or "nothing"


async def _probe_look_up(module: ModuleType, workflow_id: str) -> dict[str, Any]:
    from workshop.exercises.micro_agents.fated_searches import (
        CLOSED,
        GOOD,
        SHUT,
        SLOW,
        LookUps,
        search,
        searching,
    )

    own = need_function(module, "look_up", is_async=True)
    queries = [GOOD, SHUT, "why rivers bend"]
    what = "the three searches"
    hidden = ""
    with contextlib.suppress(Exception):
        hidden = str(await own(None))
    async with running_worker(plugins=[plugin()], workflows=[LookUps], activities=[search]) as client:
        handle = await _start(client, queries, workflow_id)
        try:
            notes = await result_of(handle, "the body of `look_up`", what=what)
        except NotYet as error:
            if CLOSED not in error.got:
                raise
            raise NotYet(
                "a note in place of the search that failed for good",
                f"its error went on, and ended the other two searches as well: {CLOSED!r}",
                "the body of `look_up`: `except AgentsWorkflowError`",
            ) from None
        slow = await _start(client, [SLOW], f"{workflow_id}-slow")
        await beside(slow, searching.wait(), "the body of `look_up`", expected="the searcher to search")
        await slow.cancel()
        ended = await ending_of(
            slow, "the body of `look_up`", what="a run that is cancelled while it searches", timeout=10
        )
    return {"queries": queries, "shut": SHUT, "notes": notes, "ended": ended, "hidden": hidden}


async def _start(client: Client, queries: list[str], workflow_id: str) -> WorkflowHandle[Any, Any]:
    return await client.start_workflow("LookUps", queries, id=workflow_id, task_queue=task_queue())
