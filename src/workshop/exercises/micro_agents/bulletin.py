"""Agents side by side: they begin in the same step, and an editor joins what they say."""

from __future__ import annotations

import re
from collections.abc import Sequence
from types import ModuleType
from typing import Any

from workshop.checks.agent_runs import (
    MODEL_CALL,
    asked_in,
    instructions_of,
    items_of,
    judge_result,
    need_files,
    said_in,
    text_of,
    told_steps,
)
from workshop.checks.agent_workers import plugin
from workshop.checks.bench import Bench, NotYet, need
from workshop.checks.endings import result_of
from workshop.checks.fresh import Fresh
from workshop.checks.histories import ActivityRun, activity_runs
from workshop.checks.outcomes import shorten
from workshop.checks.registry import exercise
from workshop.checks.workflows import handle_of, running_worker, task_queue
from workshop.exercises.micro_agents.asked import STATES, need_failure, need_no_timer, probe_answer
from workshop.exercises.micro_agents.last_first import last_first
from workshop.exercises.micro_agents.passed_on import need_answers_alone
from workshop.exercises.micro_agents.project import TEAM


@exercise(
    proves="The agents began in the same step, and the editor was given all their answers in order.",
    hints=(
        "Does the answer for Texas need the answer for California? What must have ended before the editor begins?",
        "`asyncio.gather(*[...])` takes coroutines that have not been awaited: "
        "https://docs.python.org/3/library/asyncio-task.html#asyncio.gather",
        "results = await asyncio.gather(*[Runner.run(weather_agent(), question) for question in questions])\n"
        'answers = "\\n\\n".join(str(result.final_output) for result in results)\n'
        "bulletin = await Runner.run(editor(), ...)\nreturn ...",
    ),
    timeout=60,
)
async def parallel(bench: Bench) -> str:
    """The lesson's three states; five others, of which the first is answered last; and a run without a model."""
    need_files(bench, *TEAM)
    result = await bench.run(probe_answer, "Bulletin", list(STATES), bench.scope)
    await _judge(bench, bench.scope, STATES, result)
    states = _unsorted(Fresh(bench.exercise.id).states(5, *STATES))
    other = await bench.run(_probe_last_first, states, f"{bench.scope}-fresh")
    await _judge(bench, f"{bench.scope}-fresh", states, other)
    await need_failure(bench, "Bulletin", list(STATES), "a weather agent's call", after=1)
    await need_failure(bench, "Bulletin", list(STATES), "the editor's call", after=2 * len(STATES))
    return f"The bulletin:\n{result}"


def _unsorted(states: list[str]) -> list[str]:
    return states if states != sorted(states) else states[::-1]


async def _probe_last_first(module: ModuleType, states: list[str], workflow_id: str) -> Any:
    """In the child: what a bulletin says if the first state is answered last."""
    defined = need(module, "Bulletin", type, "a class")
    found: list[Any] = []

    async def ended() -> int:
        runs = await activity_runs(found[0]) if found else []
        return sum(bool(said_in(run)) for run in runs if run.name == MODEL_CALL)

    async with running_worker(
        plugins=[plugin()], workflows=[defined], activities=last_first(states, ended)
    ) as client:
        found.append(await client.start_workflow("Bulletin", states, id=workflow_id, task_queue=task_queue()))
        return await result_of(found[0], "the body of `Bulletin.run`")


async def _judge(bench: Bench, workflow_id: str, states: Sequence[str], result: Any) -> None:
    runs = await activity_runs(await handle_of(bench, workflow_id))
    calls = [run for run in runs if run.name == MODEL_CALL]
    questions = [f"Are there any weather alerts in {state}?" for state in states]
    firsts = [next((one for one in calls if asked_in(one) == question), None) for question in questions]
    found = [one for one in firsts if one is not None]
    if len(found) < len(questions):
        missing = questions[firsts.index(None)]
        raise NotYet(
            f"a weather agent that is asked {missing!r}",
            _asked_instead(calls, questions) or told_steps(runs),
            "`Runner.run(weather_agent(), question)`, for each of `questions`",
        )
    if len({one.asked_by for one in found}) > 1:
        raise NotYet(
            f"all {len(states)} agents to begin at the same time",
            "one began after another had ended",
            "`asyncio.gather(*[Runner.run(...) for ...])`, without an `await` before Runner.run",
        )
    answers = {text_of(items_of(one)[0]): said_in(one).strip() for one in calls if said_in(one)}
    given = asked_in(calls[-1])
    number = 2 * len(states) + 1
    if len(calls) != number or calls[-1] in found or instructions_of(calls[-1]) == instructions_of(calls[0]):
        raise NotYet(
            f"{number} model calls: two for each state, and one for the editor at the end",
            f"{len(calls)} model calls",
            "the editor's Runner.run, after gather",
        )
    look = "the text that the editor is given: '\"\\n\\n\".join(...)'"
    said = [answers[question] for question in questions]
    _need_all(given, said, look)
    need_answers_alone(given, said, calls[:-1], look)
    _judge_joined(given, states, said, look)
    judge_result(result, runs)
    await need_no_timer(bench, workflow_id, "the body of `run`")


def _asked_instead(calls: Sequence[ActivityRun], questions: Sequence[str]) -> str:
    """What the weather agent was asked that is none of the questions; empty if there is nothing of the kind."""
    own = [one for one in calls if instructions_of(one) == instructions_of(calls[0])]
    others = [asked for one in own if (asked := asked_in(one)) not in questions]
    return f"one was asked {shorten(others[0], 160)!r}" if others else ""


def _need_all(given: str, answers: Sequence[str], look: str) -> None:
    for one in answers:
        if one not in given:
            raise NotYet(
                "the editor to be given each state's answer",
                f"this one is missing: {shorten(one, 80)!r}",
                look,
            )


def _judge_joined(given: str, states: Sequence[str], answers: Sequence[str], look: str) -> None:
    pattern = r"\n\s*\n".join(re.escape(one) for one in answers)
    if re.search(pattern, given):
        return
    places = [given.index(one) for one in answers]
    if places != sorted(places):
        order = [state for _, state in sorted(zip(places, states, strict=True))]
        raise NotYet(
            f"the answers in the order of the questions, whichever comes first: {', '.join(states)}",
            f"they are in the order {', '.join(order)}",
            look,
        )
    for one, place, following in zip(answers, places, places[1:], strict=False):
        if between := given[place + len(one) : following].strip():
            raise NotYet(
                "an empty line between two answers, and nothing else",
                f"{shorten(between, 80)!r} is between two of them",
                look,
            )
    raise NotYet("an empty line between two answers", f"{shorten(given, 160)!r}", look)
