"""A run that asks back: it waits for an answer, and takes only one that it can use."""

from __future__ import annotations

from types import ModuleType
from typing import Any

from workshop.checks.agent_runs import MODEL_CALL, asked_in, instructions_of, need_files, told_steps
from workshop.checks.agent_workers import plugin
from workshop.checks.bench import Bench, NotYet, describe, need, place_of
from workshop.checks.endings import beside, result_of
from workshop.checks.histories import activity_runs
from workshop.checks.outcomes import shorten
from workshop.checks.registry import exercise
from workshop.checks.workflows import course_files, handle_of, running_worker, task_queue
from workshop.exercises.documentation import TEMPORAL
from workshop.exercises.micro_agents.asking_back import asked_back, gone_on, is_refused, need_refused
from workshop.exercises.micro_agents.project import FOLDER, LOOK_UP, RESEARCH, activities


@exercise(
    proves="The run asked back and waited; three answers were refused without a trace, one was taken and used.",
    hints=(
        "Which answers must not be taken? At what moments can they come?",
        "`@workflow.update` above a method, `@clarify.validator` above another with the same argument: "
        f"{TEMPORAL}/message-passing",
        "@workflow.update\ndef clarify(self, answer: str) -> None:\n    self.answer = ...\n\n"
        "@clarify.validator\ndef can_be_taken(self, answer: str) -> None:\n"
        "    if not self.asked or ...:\n        raise ValueError(...)",
    ),
    timeout=60,
)
async def clarify(bench: Bench) -> str:
    """A vague question that is answered, and a clear one for which nothing is asked."""
    need_files(bench, *RESEARCH, f"{FOLDER}/report.py")
    answer = "How rivers flood, and what dams do"
    with course_files(bench, LOOK_UP):
        seen = await bench.run(_probe_clarify, answer, bench.scope)
    runs = await activity_runs(await handle_of(bench))
    plans = [run for run in runs if run.name == MODEL_CALL and "Plan" in instructions_of(run)]
    if not plans or answer not in asked_in(plans[0]):
        got = f"it was given {shorten(asked_in(plans[0]), 120)!r}" if plans else told_steps(runs)
        raise NotYet(
            f"the planner to be given the answer {answer!r}", got, "`clarify`: `self.answer = answer`"
        )
    if not isinstance(seen["report"], dict) or "markdown" not in seen["report"]:
        raise NotYet("a Report", describe(seen["report"]), "`run`")
    return f"It asked: {seen['asked']}"


async def _probe_clarify(module: ModuleType, answer: str, workflow_id: str) -> dict[str, Any]:
    from workshop.lab.faults import fault

    defined = need(module, "Research", type, "a class")
    definition = getattr(defined, "__temporal_workflow_definition", None)
    if definition is None or "clarify" not in definition.updates:
        raise NotYet("the update `clarify`", "the workflow has none of that name", place_of(module))
    look = "`clarify` and its validator"
    async with running_worker(plugins=[plugin()], workflows=[defined], activities=activities()) as client:
        with fault("model", "delay", delay=20) as held:
            clear = await client.start_workflow(
                "Research",
                "How do lighthouses and tides help ships?",
                id=f"{workflow_id}-clear",
                task_queue=task_queue(),
            )
            await beside(clear, held.hit(timeout=10), look, expected="the triage agent to be asked")
            await need_refused(clear, answer, "while nothing is asked")
        await result_of(clear, look, what="a run with a clear question")
        vague = await client.start_workflow(
            "Research", "Write about water", id=workflow_id, task_queue=task_queue()
        )
        asked = await asked_back(vague, look)
        await need_refused(vague, "", "that is empty")
        await need_refused(vague, "  ", "that is only blanks")
        with fault("model", "delay", delay=20) as held:
            if await is_refused(vague, answer):
                raise NotYet(f"the answer {answer!r} to be taken", "it was refused", look)
            await gone_on(vague, held)
            await need_refused(vague, "Something else", "a second time")
        report = await result_of(vague, look, what="the run after the answer")
    return {"asked": asked, "report": report}
