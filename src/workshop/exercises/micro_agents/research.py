"""A run that asks back: it waits for an answer, and takes only one that it can use."""

from __future__ import annotations

from collections.abc import Sequence
from types import ModuleType
from typing import Any

from workshop.checks.agent_runs import MODEL_CALL, asked_in, instructions_of, need_files, told_steps
from workshop.checks.agent_workers import plugin
from workshop.checks.bench import Bench, NotYet, describe, need
from workshop.checks.endings import beside, result_of
from workshop.checks.fresh import Fresh
from workshop.checks.histories import ActivityRun, activity_runs
from workshop.checks.outcomes import shorten
from workshop.checks.registry import exercise
from workshop.checks.workflows import course_files, handle_of, running_worker, task_queue
from workshop.exercises.documentation import TEMPORAL
from workshop.exercises.handlers import need_unchanged, need_validator
from workshop.exercises.micro_agents.asking_back import (
    asked_back,
    gone_on,
    need_one_taken,
    need_refused,
    need_still_asked,
    need_taken,
    updates_accepted,
)
from workshop.exercises.micro_agents.project import FOLDER, LOOK_UP, RESEARCH, activities


@exercise(
    proves="The run asked back and waited; four answers were refused without a trace, and one was accepted and used.",
    hints=(
        "Which answers must be refused? When can they arrive?",
        "`@workflow.update` above a method, `@clarify.validator` above another with the same argument: "
        f"{TEMPORAL}/message-passing",
        "@workflow.update\ndef clarify(self, answer: str) -> None:\n    self.answer = ...\n\n"
        "@clarify.validator\ndef can_be_taken(self, answer: str) -> None:\n"
        "    if not self.asked or ...:\n        raise ValueError(...)",
    ),
    timeout=60,
)
async def clarify(bench: Bench) -> str:
    """A vague question that is answered, one that two people answer at once, and a clear one."""
    need_files(bench, *RESEARCH, f"{FOLDER}/report.py")
    answer, word = "How rivers flood, and what dams do", Fresh(bench.exercise.id).word()
    with course_files(bench, LOOK_UP):
        seen = await bench.run(_probe_clarify, [answer, word], bench.scope)
    for workflow_id, given, taken in (
        (f"{bench.scope}-clear", "", 0),
        (bench.scope, answer, 1),
        (f"{bench.scope}-word", word, 1),
    ):
        handle = await handle_of(bench, workflow_id)
        accepted = await updates_accepted(handle)
        if accepted != taken:
            got = f"the history holds {accepted} updates: one was accepted at first, and then failed or was dropped"
            raise NotYet("refused answers not to be in the history", got, "`@clarify.validator`")
        _judge_plan(await activity_runs(handle), given)
    if not isinstance(seen["report"], dict) or "markdown" not in seen["report"]:
        raise NotYet("a Report", describe(seen["report"]), "`run`")
    return f"It asked: {seen['asked']}"


def _judge_plan(runs: Sequence[ActivityRun], answer: str) -> None:
    plans = [run for run in runs if run.name == MODEL_CALL and "Plan" in instructions_of(run)]
    if plans and answer in asked_in(plans[0]):
        return
    got = f"it was given {shorten(asked_in(plans[0]), 120)!r}" if plans else told_steps(runs)
    raise NotYet(f"the planner to be given the answer {answer!r}", got, "`clarify`: `self.answer = answer`")


async def _probe_clarify(module: ModuleType, given: list[str], workflow_id: str) -> dict[str, Any]:
    from workshop.lab.faults import fault

    answer, word = given
    defined = need(module, "Research", type, "a class")
    validator = need_validator(module, defined, "clarify", {"answer": str})
    for waiting, sent in (("What matters most?", word), ("What matters most?", ""), ("", word)):
        asked_one = defined()
        asked_one.asked = waiting
        need_unchanged(module, asked_one, "the validator of `clarify`", validator, sent)
    look = "`clarify` and its validator"
    async with running_worker(plugins=[plugin()], workflows=[defined], activities=activities()) as client:

        async def start(question: str, suffix: str = "") -> Any:
            return await client.start_workflow(
                "Research", question, id=f"{workflow_id}{suffix}", task_queue=task_queue()
            )

        with fault("model", "delay", delay=20) as held:
            clear = await start("How do lighthouses and tides help ships?", "-clear")
            await beside(clear, held.hit(timeout=10), look, expected="the triage agent to be asked")
            await need_refused(clear, answer, "while nothing is asked")
        vague, other = await start("Write about water"), await start("Write about water", "-word")
        asked = await asked_back(vague, look)
        await need_refused(vague, "", "that is empty")
        await need_refused(vague, " \n", "that is only blanks")
        await need_still_asked(vague, asked)
        await asked_back(other, look)
        with fault("model", "delay", delay=20):
            await need_taken(vague, answer)
            await gone_on(vague)
            _judge_plan(await activity_runs(vague), answer)
            await need_refused(vague, "Something else", "a second time")
        await need_one_taken(other, word)
        report = await result_of(vague, look, what="the run after the answer")
        await result_of(other, look, what="the run after the answer")
        await result_of(clear, look, what="a run with a clear question")
    return {"asked": asked, "report": report}
