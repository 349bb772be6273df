"""Agents side by side: they begin in the same step, and an editor joins what they say."""

from __future__ import annotations

import re
from collections.abc import Sequence

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
from workshop.checks.bench import Bench, NotYet
from workshop.checks.histories import activity_runs
from workshop.checks.outcomes import shorten
from workshop.checks.registry import exercise
from workshop.checks.workflows import handle_of
from workshop.exercises.micro_agents.asked import STATES, probe_answer
from workshop.exercises.micro_agents.project import TEAM


@exercise(
    proves="Three agents began in the same step, and the editor was given what each of them said, in order.",
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
    """Three states: their first model calls were asked for by the same workflow task."""
    need_files(bench, *TEAM)
    result = await bench.run(probe_answer, "Bulletin", list(STATES), bench.scope)
    runs = await activity_runs(await handle_of(bench))
    calls = [run for run in runs if run.name == MODEL_CALL]
    questions = [f"Are there any weather alerts in {state}?" for state in STATES]
    firsts = [next((one for one in calls if asked_in(one) == question), None) for question in questions]
    found = [one for one in firsts if one is not None]
    if len(found) < len(questions):
        missing = questions[firsts.index(None)]
        raise NotYet(f"a weather agent that is asked {missing!r}", told_steps(runs), "`questions`, in gather")
    if len({one.asked_by for one in found}) > 1:
        raise NotYet(
            "the three agents to begin at the same time",
            "one began after another had ended",
            "`asyncio.gather(*[Runner.run(...) for ...])`, without an `await` before Runner.run",
        )
    answers = {text_of(items_of(one)[0]): said_in(one).strip() for one in calls if said_in(one)}
    given = asked_in(calls[-1])
    if len(calls) != 7 or calls[-1] in found or instructions_of(calls[-1]) == instructions_of(calls[0]):
        raise NotYet(
            "seven model calls: two for each state, and one for the editor at the end",
            f"{len(calls)} model calls",
            "the editor's Runner.run, after gather",
        )
    _judge_joined(given, [answers[question] for question in questions])
    judge_result(result, runs)
    return f"The bulletin:\n{result}"


def _judge_joined(given: str, answers: Sequence[str]) -> None:
    pattern = r"\n\s*\n".join(re.escape(one) for one in answers)
    if re.search(pattern, given):
        return
    look = "the text that the editor is given: '\"\\n\\n\".join(...)'"
    for one in answers:
        if one not in given:
            raise NotYet(
                "the editor to be given each state's answer",
                f"this one is missing: {shorten(one, 80)!r}",
                look,
            )
    raise NotYet(
        "the answers in the order of the states, with an empty line between two of them",
        f"{shorten(given, 160)!r}",
        look,
    )
