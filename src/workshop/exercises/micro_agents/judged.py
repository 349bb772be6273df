"""A writer and a judge in a loop: drafts go back with feedback, until one passes or the rounds are used up."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import os
import re
from collections.abc import Mapping, Sequence
from types import ModuleType
from typing import Any

from workshop.checks.agent_runs import MODEL_CALL, asked_in, instructions_of, need_files, run_ids, said_in
from workshop.checks.bench import Bench, NotYet, describe, need
from workshop.checks.endings import result_of
from workshop.checks.fresh import Fresh
from workshop.checks.histories import ActivityRun, activity_runs
from workshop.checks.outcomes import shorten
from workshop.checks.registry import exercise
from workshop.checks.workflows import handle_of, running_worker, task_queue
from workshop.exercises.documentation import AGENTS_SDK
from workshop.exercises.micro_agents.asked import need_failure, probe_answers
from workshop.exercises.micro_agents.project import FOLDER, TEAM

_TEXAS = """There are 3 weather alerts for Texas (TX):
- Flood Watch (Severe): Inland Harris; Coastal Harris; Inland Brazoria
- Wind Advisory (Moderate): Guadalupe Mountains of Culberson County; Midland
- Dense Fog Advisory (Minor): Inland Kleberg; Coastal Nueces"""

_BRIEF = "There is 1 weather alert for Texas (TX): Flood Watch, in Inland and Coastal Harris."

_NOWHERE = (
    "There are two weather alerts for a place that nobody has told us the name of: Flood Watch, Dense Fog."
)

_SCRIPTED = "There are 3 weather alerts."
"""What a run is given whose writer and judge follow a script."""

_MOST_CALLS = 6
"""Model calls that a run may make: a draft and a verdict, three times."""


@exercise(
    proves="A good draft passed at once, a long one on the second try, and one that cannot pass ended the loop"
    " after three rounds.",
    hints=(
        "When does the loop end? There are two reasons, and the caller wants to know which it was.",
        f"`for number in range(1, ROUNDS + 1)`, `break`, and `final_output_as(Verdict)`: {AGENTS_SDK}/results/",
        "task = alerts\nfor number in range(1, ROUNDS + 1):\n"
        "    draft = str((await Runner.run(writer(), task)).final_output)\n"
        "    verdict = (await Runner.run(judge(), draft)).final_output_as(Verdict)\n"
        "    if verdict.passed:\n        break\n    task = again(...)\nreturn Judged(...)",
    ),
    timeout=60,
)
async def judged(bench: Bench) -> str:
    """Three texts, whose drafts pass at once, after feedback, and never; and a judge whose words belie its field."""
    need_files(bench, *TEAM, f"{FOLDER}/judging.py")
    texts = {"brief": _BRIEF, "long": _TEXAS, "never": _NOWHERE}
    results = await bench.run(_probe_judged, run_ids(bench, texts))
    rounds_of = {"brief": 1, "long": 2, "never": 3}
    runs_of = {name: await activity_runs(await handle_of(bench, f"{bench.scope}-{name}")) for name in texts}
    for name, runs in runs_of.items():
        _judge_rounds(runs, rounds_of[name], texts[name])
    for name, runs in runs_of.items():
        wanted = {"rounds": rounds_of[name], "passed": name != "never", "text": said_in(runs[-2])}
        result = results.get(name)
        if result != wanted:
            got = _told_judged(result) if isinstance(result, dict) else describe(result)
            raise NotYet(
                _told_judged(wanted),
                got,
                "the `return` of `run`: the last draft, the number of rounds, and whether it passed",
            )
    await _need_field(bench)
    await need_failure(bench, "JudgedNotice", _BRIEF, "the judge's call", after=1)
    await need_failure(bench, "JudgedNotice", _TEXAS, "the writer's second call", after=2)
    return f"After two rounds: {results['long']['text']}"


async def _need_field(bench: Bench) -> None:
    fresh = Fresh(bench.exercise.id)
    drafts = [fresh.text() for _ in range(3)]
    verdicts = (
        (False, "This would pass anywhere else. Perfect, but say less."),
        (False, "All is well, and it passes by its words. Its field says no."),
        (True, "It is still too long, and fails to name a state."),
    )
    script = [
        text
        for draft, (passed, feedback) in zip(drafts, verdicts, strict=True)
        for text in (draft, json.dumps({"passed": passed, "feedback": feedback}))
    ]
    result = await bench.run(_probe_scripted, script, f"{bench.scope}-script")
    runs = await activity_runs(await handle_of(bench, f"{bench.scope}-script"))
    _judge_rounds(runs, 3, _SCRIPTED)
    wanted = {"rounds": 3, "passed": True, "text": drafts[2]}
    if result != wanted:
        raise NotYet(
            f"{_told_judged(wanted)}, for a judge whose field `passed` says no, no and yes",
            _told_judged(result) if isinstance(result, dict) else describe(result),
            "the loop in `run`: `verdict.passed`",
        )


async def _probe_scripted(module: ModuleType, script: list[str], workflow_id: str) -> Any:
    """In the child: the result of a run whose model follows a script."""
    from temporalio.openai_agents import OpenAIAgentsPlugin
    from temporalio.openai_agents.testing import ResponseBuilders, TestModel, TestModelProvider

    defined = need(module, "JudgedNotice", type, "a class")
    # One that asks for more rounds than there are gets the last verdict for ever.
    said = itertools.chain(script, itertools.cycle(script[-2:]))
    model = TestModel(lambda: ResponseBuilders.output_message(next(said)))
    plugin = OpenAIAgentsPlugin(model_provider=TestModelProvider(model))
    async with running_worker(plugins=[plugin], workflows=[defined]) as client:
        handle = await client.start_workflow(
            "JudgedNotice", _SCRIPTED, id=workflow_id, task_queue=task_queue()
        )
        return await result_of(handle, "the loop in `run`", timeout=10)


def _told_judged(result: Mapping[str, Any]) -> str:
    names = ("rounds", "passed", "text")
    return f"Judged({', '.join(f'{name}={shorten(repr(result.get(name)), 60)}' for name in names)})"


def _judge_rounds(runs: Sequence[ActivityRun], rounds: int, alerts: str) -> None:
    """What each was given comes first: a loop of a wrong length mostly comes of that."""
    look = "the loop in `run`"
    for n, (draft, verdict) in enumerate(itertools.pairwise(runs)):
        if n % 2:
            continue
        if asked_in(verdict).strip() != said_in(draft).strip():
            raise NotYet(
                "the judge to be given the draft alone",
                f"it was given {shorten(asked_in(verdict), 120)!r}",
                f"{look}: the judge's Runner.run",
            )
        task = asked_in(draft)
        if not n and task.strip() != alerts:
            raise NotYet(
                "the writer to be given `alerts` alone in the first round",
                f"it was given {shorten(task, 120)!r}",
                f"{look}: the writer's Runner.run",
            )
        if alerts not in task:
            raise NotYet(
                "the writer to be given the alerts each time",
                f"it was given {shorten(task, 120)!r}",
                f"{look}: `again(alerts, draft, feedback)`",
            )
        if not task.lstrip().startswith(alerts):
            raise NotYet(
                "the writer to be given the alerts first",
                f"it was given {shorten(task, 120)!r}",
                f"{look}: `again(alerts, draft, verdict.feedback)`",
            )
        if n and not (said_in(runs[n - 2]) in task and _feedback(runs[n - 1]) in task):
            raise NotYet(
                f"the writer to be given its draft and the feedback {_feedback(runs[n - 1])!r}",
                f"it was given {shorten(task, 160)!r}",
                f"{look}: `again(alerts, draft, verdict.feedback)`",
            )
        if n and task.rfind(said_in(runs[n - 2])) > task.rfind(_feedback(runs[n - 1])):
            raise NotYet(
                "the writer to be given its draft, then the feedback on that",
                f"the two have changed places: {shorten(task[len(alerts) :].strip(), 160)!r}",
                f"{look}: `again(alerts, draft, verdict.feedback)`, in this order",
            )
        if n and (more := _too_much(task, alerts, runs[:n])):
            raise NotYet(
                "the writer to be given the alerts, its last draft alone, and the feedback on that",
                f"in round {n // 2 + 1} it was given this besides: {shorten(more, 80)!r}",
                f"{look}: `again(alerts, draft, verdict.feedback)`, with the alerts as they came",
            )
    if len(runs) != 2 * rounds or any(run.name != MODEL_CALL for run in runs):
        raise NotYet(
            f"{2 * rounds} model calls, a draft and a verdict in each round, for {shorten(alerts, 60)!r}",
            _told_calls(runs),
            f"{look}: `verdict.passed`, and ROUNDS",
        )


def _too_much(task: str, alerts: str, before: Sequence[ActivityRun]) -> str:
    """What of the rounds so far the writer is given besides the alerts, its last draft and the feedback on that."""
    drafts, feedbacks = [said_in(run) for run in before[::2]], [_feedback(run) for run in before[1::2]]
    for wanted in (alerts, drafts[-1], feedbacks[-1]):
        task = task.replace(wanted, "", 1)
    return next((one for one in (*drafts, *feedbacks) if one and one in task), "")


def _told_calls(runs: Sequence[ActivityRun]) -> str:
    """How many calls there were; of a run that is ended for making too many, only the first of those is known."""
    if len(runs) <= _MOST_CALLS:
        return f"{len(runs)} model calls"
    writes = instructions_of(runs[_MOST_CALLS]) == instructions_of(runs[0])
    who = "writer" if writes else "judge"
    return f"a call too many: after {_MOST_CALLS // 2} rounds, the {who} was asked again"


async def _probe_judged(module: ModuleType, texts: dict[str, list[str]]) -> dict[str, Any]:
    """In the child: the results; none as soon as one of the runs has made more model calls than it may."""
    from temporalio.client import Client
    from temporalio.service import RPCError

    answers = asyncio.ensure_future(probe_answers(module, "JudgedNotice", texts))
    client = await Client.connect(os.environ["TEMPORAL_ADDRESS"])
    while not answers.done():
        await asyncio.wait({answers}, timeout=0.3)
        for _, workflow_id in texts.values():
            with contextlib.suppress(RPCError):
                if len(await activity_runs(client.get_workflow_handle(workflow_id))) > _MOST_CALLS:
                    return {}
    return await answers


def _feedback(call: ActivityRun) -> str:
    found = re.search(r'"feedback":\s*"((?:[^"\\]|\\.)*)"', said_in(call))
    return found[1] if found else ""
