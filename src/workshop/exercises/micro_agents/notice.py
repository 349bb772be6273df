"""Two agents one after the other: the second is given what the first one said."""

from __future__ import annotations

from workshop.checks.agent_runs import (
    asked_in,
    instructions_of,
    items_of,
    judge_result,
    judge_steps,
    need_files,
    run_ids,
    said_in,
    text_of,
)
from workshop.checks.bench import Bench, NotYet
from workshop.checks.fresh import Fresh
from workshop.checks.histories import activity_runs
from workshop.checks.outcomes import shorten
from workshop.checks.registry import exercise
from workshop.checks.workflows import handle_of
from workshop.exercises.documentation import AGENTS_SDK
from workshop.exercises.micro_agents.asked import need_failure, probe_answers
from workshop.exercises.micro_agents.passed_on import need_answers_alone
from workshop.exercises.micro_agents.project import TEAM
from workshop.exercises.questions import CALIFORNIA
from workshop.exercises.steps import WEATHER_STEPS


@exercise(
    proves="The weather agent answered, the editor was given that answer, and its notice is the result.",
    hints=(
        "What does the second agent need before it can begin? Whose words are the result?",
        f"`await Runner.run(agent, text)` twice, and `final_output` of each: {AGENTS_SDK}/results/",
        "alerts = await Runner.run(weather_agent(), question)\n"
        "notice = await Runner.run(editor(), str(alerts.final_output))\nreturn str(...)",
    ),
    timeout=60,
)
async def sequence(bench: Bench) -> str:
    """Three questions, one of them with a short answer; and a run whose model is not to be had."""
    need_files(bench, *TEAM)
    fresh = Fresh(bench.exercise.id)
    quiet = fresh.state("California", "Colorado", "Texas", "Florida", "Hawaii", "Minnesota")
    questions = {
        "california": CALIFORNIA,
        "fresh": fresh.alerts_question(fresh.stormy_state("California")),
        "quiet": f"Are there any weather alerts in {quiet}?",
    }
    results = await bench.run(probe_answers, "Notice", run_ids(bench, questions))
    look = "the body of `run`: the weather agent, then the editor"
    for name, question in questions.items():
        runs = await activity_runs(await handle_of(bench, f"{bench.scope}-{name}"))
        if runs and asked_in(runs[0]) != question:
            raise NotYet(
                f"the first agent to be asked {question!r}",
                f"it was asked {shorten(asked_in(runs[0]), 120)!r}",
                "the second argument of the first Runner.run",
            )
        judge_steps(runs, [*WEATHER_STEPS, "model"], question, look)
        answer, given = said_in(runs[2]), [text_of(item) for item in items_of(runs[3])]
        if instructions_of(runs[3]) == instructions_of(runs[2]):
            raise NotYet("the editor to speak last", "the weather agent spoke again", "the second Runner.run")
        if not any(answer.strip() in one for one in given):
            raise NotYet(
                "the editor to be given the weather agent's answer",
                f"it was given {shorten(given[-1], 120)!r}",
                "the second argument of the second Runner.run: `final_output`",
            )
        if len(given) > 1:
            raise NotYet(
                "the editor to be given the weather agent's answer, and nothing else",
                f"it was given a conversation of {len(given)} items, which begins with {shorten(given[0], 80)!r}",
                "the second argument of the second Runner.run: `final_output`",
            )
        need_answers_alone(
            given[0],
            [answer],
            [runs[2]],
            "the second argument of the second Runner.run: `final_output` alone",
        )
        judge_result(results[name], runs)
    await need_failure(bench, "Notice", CALIFORNIA, "the weather agent's call")
    await need_failure(bench, "Notice", CALIFORNIA, "the editor's call", after=2)
    return f"The notice: {results['california']}"
