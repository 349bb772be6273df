"""A watch that continues as new: killed before its last call, it has lost nothing, and paid for nothing twice."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from workshop.checks.agent_runs import MODEL_CALL
from workshop.checks.agent_workers import plugin
from workshop.checks.bench import Bench, NotYet, describe, need, place_of
from workshop.checks.endings import beside, result_of
from workshop.checks.histories import ActivityRun, activity_runs, start_of
from workshop.checks.killed_worker import READY
from workshop.checks.registry import exercise
from workshop.checks.workflows import connect, running_worker, task_queue
from workshop.exercises.documentation import TEMPORAL
from workshop.exercises.watch.checks_made import Asked, asked_of, judge_checks
from workshop.exercises.watch.project import activities, project

if TYPE_CHECKING:
    from temporalio.client import Client, WorkflowHandle

_GOAL = 13
_EVERY = 5
_CALLS = 2 * _GOAL
_KEPT = 3
_LARGE = 950_000
"""Bytes. The flag comes at 4 MB: two such texts are given to a run, which is one payload, and one is sent each turn."""
_LOOK = "the loop in `run`"


@exercise(
    proves="A watch of 26 turns was killed at turn 25: each turn was paid once, and nothing was forgotten.",
    hints=(
        "A run that ends leaves nothing behind but what it hands to the next one. What does that one have to know?",
        f"`workflow.continue_as_new(Shift(...))`: {TEMPORAL}/continue-as-new",
        "for number in range(shift.done + 1, shift.goal + 1):\n    await self.make_check(number)\n"
        "    long = number - shift.done >= shift.every or workflow.info().is_continue_as_new_suggested()\n"
        "    if long and number < shift.goal:\n        workflow.continue_as_new(Shift(...))",
    ),
    timeout=180,
    note="kills a real worker and waits until another has taken over: 10 seconds or so",
)
async def endless(bench: Bench) -> str:
    """13 checks, five a run; the worker is killed while the 25th call is held. Then a run that is flagged as long."""
    script = str(Path(__file__).with_name("endless_worker.py"))
    client = await connect(bench)
    with project(bench):
        questions = await bench.run(_probe_endless)
        with bench.fault("model", "delay", delay=60, after=_CALLS - 2) as held:
            process = await bench.process(script)
            handle = await client.start_workflow(
                "EndlessWatch",
                {"goal": _GOAL, "every": _EVERY},
                id=bench.scope,
                task_queue=f"check-{bench.scope}",
            )
            hit = held.hit(timeout=60)
            await beside(handle, hit, _LOOK, expected=f"{_CALLS} turns", process=process, timeout=60)
            await _judge_runs(handle, questions, over=False)
            process.kill()
        process = await bench.process(script)
        await process.wait_for(READY, timeout=60)
        what = "the watch, once another worker has taken over,"
        log = await result_of(handle, _LOOK, what=what, process=process)
        process.kill()
    runs, again = await _judge_runs(handle, questions, over=True)
    _judge_log(log, questions)
    counts = bench.meter().model
    late = max(0, again - 1)  # the killed worker's call is made again, and was not paid for before
    if counts.repeats > late or counts.completed - counts.repeats != _CALLS:
        raise NotYet(
            f"{_CALLS} model calls, each paid once",
            f"{counts.completed} were completed, {counts.repeats} of them repeats",
            _LOOK,
        )
    with project(bench):
        await bench.run(_probe_flagged, f"{bench.scope}-flagged")
    busy = f" (The machine was so busy that {late} of them were taken for lost.)" if late else ""
    return f"{_CALLS} turns paid, {counts.repeats} repeats, in {runs} runs.{busy}"


async def _probe_endless(module: ModuleType) -> list[str]:
    from my.watch.places import question  # type: ignore[import-not-found]  # the learner's

    defined = need(module, "EndlessWatch", type, "a class")
    if not hasattr(defined, "__temporal_workflow_definition"):
        raise NotYet("`EndlessWatch`, a workflow", "a class without @workflow.defn", place_of(module))
    need(module, "Shift", type, "a class")
    return [question(number) for number in range(1, _GOAL + 1)]


async def _probe_flagged(module: ModuleType, workflow_id: str) -> None:
    """Three checks of a watch with two megabytes, long after the second one; then a watch of one check."""
    past = [{"role": "user", "content": "x" * _LARGE}, {"role": "assistant", "content": "Noted."}]
    shift = {"goal": 3, "every": 100, "items": past, "log": {"Oregon": "x" * _LARGE}}
    worker = running_worker(plugins=[plugin()], workflows=[module.EndlessWatch], activities=activities())
    async with worker as client:
        flagged = await _first_of(client, workflow_id, shift, "a watch that is flagged as long")
        whole = await _first_of(client, f"{workflow_id}-not", {"goal": 1, "every": 1}, "a watch of one check")
    if flagged != "CONTINUED_AS_NEW":
        raise NotYet(
            "a run that the server has flagged as long to continue as new",
            "it made the next check, too",
            "`workflow.info().is_continue_as_new_suggested()`",
        )
    if whole != "COMPLETED":
        raise NotYet(
            "a run that has reached the goal to end", "it continued as new, with nothing left to do", _LOOK
        )


async def _first_of(client: Client, workflow_id: str, shift: dict[str, Any], what: str) -> str:
    """Run a watch to its end; the name of the status of its first run."""
    handle = await client.start_workflow("EndlessWatch", shift, id=workflow_id, task_queue=task_queue())
    await result_of(handle, _LOOK, what=what, timeout=40)
    first = client.get_workflow_handle(workflow_id, run_id=handle.first_execution_run_id)
    status = (await first.describe()).status
    return status.name if status else ""


async def _judge_runs(
    handle: WorkflowHandle[Any, Any], questions: list[str], *, over: bool
) -> tuple[int, int]:
    """See what each run of the chain has done, and what it handed on.

    Returns:
        The number of runs, and how often a model call was made again because nothing was heard of it.

    Raises:
        NotYet: a check was left out or made twice, or a run did not know what was before it.
    """
    calls: list[Asked] = []
    made: list[ActivityRun] = []
    runs = 0
    run_id: str | None = handle.first_execution_run_id
    while run_id:
        run = handle._client.get_workflow_handle(handle.id, run_id=run_id)
        asked_for = await activity_runs(run)
        made += asked_for
        own = asked_of(asked_for)
        done = len(calls) // 2
        if runs:
            await _judge_shift(run, done)
        if own and own[0].question != questions[min(done, _GOAL - 1)]:
            raise NotYet(
                f"run {runs + 1} to begin with {questions[done]!r}",
                f"it begins with {own[0].question!r}",
                f"{_LOOK}: the first number",
            )
        if own and own[0].before != min(done, _KEPT):
            raise NotYet(
                f"{own[0].question!r} to be asked with the {min(done, _KEPT)} checks before it",
                f"run {runs + 1} asked it with {own[0].before}",
                "`Shift(...)`: `self.items`",
            )
        if len(own) > 2 * _EVERY:
            got = f"run {runs + 1} made {(len(own) + 1) // 2}"
            raise NotYet(f"{_EVERY} checks a run (`shift.every`)", got, "`workflow.continue_as_new(...)`")
        calls += own
        runs += 1
        described = await run.describe()
        continued = described.status is not None and described.status.name == "CONTINUED_AS_NEW"
        if continued and len(own) < 2 * _EVERY:
            got = f"run {runs} made {(len(own) + 1) // 2}"
            raise NotYet(f"{_EVERY} checks a run (`shift.every`)", got, "`workflow.continue_as_new(...)`")
        run_id = await _next(run) if continued else None
    if over:
        judge_checks(calls, questions, _LOOK)
    attempts = [one.attempts for one in made if one.name == MODEL_CALL]
    return runs, sum(attempts) - len(attempts)


async def _judge_shift(run: WorkflowHandle[Any, Any], done: int) -> None:
    """What a run was given says what was done before it.

    Raises:
        NotYet: it does not.
    """
    arguments = (await start_of(run)).arguments
    shift = arguments[0] if arguments else None
    if not isinstance(shift, dict) or len(arguments) != 1:
        raise NotYet(
            "the next run to be given one `Shift`",
            describe(list(arguments)),
            "`workflow.continue_as_new(...)`",
        )
    for name, wanted in (("goal", _GOAL), ("every", _EVERY), ("done", done)):
        if shift.get(name) != wanted:
            raise NotYet(
                f"the next run to be given {name}={wanted}",
                f"{name}={shift.get(name)}",
                f"`Shift(...)`: `{name}`",
            )
    if not shift.get("log"):
        raise NotYet(
            "the next run to be given the log", f"log={shift.get('log')}", "`Shift(...)`: `self.log`"
        )


async def _next(run: WorkflowHandle[Any, Any]) -> str | None:
    async for event in run.fetch_history_events():
        if event.HasField("workflow_execution_continued_as_new_event_attributes"):
            return event.workflow_execution_continued_as_new_event_attributes.new_execution_run_id
    return None


def _judge_log(log: Any, questions: list[str]) -> None:
    """The log knows each place, by its latest check.

    Raises:
        NotYet: it does not.
    """
    latest = {question.split(" in ")[1].rstrip("?"): n for n, question in enumerate(questions, start=1)}
    if not isinstance(log, dict):
        raise NotYet("the log as the result", describe(log), "the `return` of `run`")
    for place, number in latest.items():
        if not str(log.get(place, "")).startswith(f"check {number}:"):
            raise NotYet(
                f"the log to say how {place} stood in check {number}",
                f"it says {log.get(place)!r}",
                "`Shift(...)`: `self.log`",
            )
