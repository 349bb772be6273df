"""The alert: a scheduled workflow that looks, and tells of each finding once."""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from datetime import timedelta
from types import ModuleType
from typing import TYPE_CHECKING, Any

from workshop.checks.bench import Bench, NotYet, describe, need
from workshop.checks.endings import result_of
from workshop.checks.registry import exercise
from workshop.checks.workflows import running_worker, task_queue
from workshop.exercises.documentation import TEMPORAL
from workshop.exercises.fleet.project import project, until

if TYPE_CHECKING:
    from temporalio.client import Client, ScheduleHandle, WorkflowHandle

_LOOK = "the body of `run`"

_LOOKS = (
    ((), "a look that finds nothing", ()),
    (("one",), "a look that finds a run", ("one",)),
    (("one",), "a look that finds the same run again", ()),
    (
        ("one", "two"),
        "a look that finds that run, described in other words, and another run besides",
        ("two",),
    ),
    (("two",), "a look that finds one of them only", ()),
    (("one", "two"), "a look that finds a run that had been mended, and is broken again", ("one",)),
)
"""What each look finds, what it is, and which of it is news."""


@exercise(
    proves="In six looks of a schedule, each finding was told once, also one that had been mended and came back.",
    hints=(
        "The run of a minute ago has ended. What of it does the next one get to see?",
        f"`workflow.get_last_completion_result(list[Finding])`, None at first: {TEMPORAL}/schedules",
        "found = await workflow.execute_activity(look, ...)\n"
        "before = workflow.get_last_completion_result(list[Finding]) or []\n"
        "known = {finding.run for finding in before}\nnews = [... if finding.run not in known]\n"
        "if news:\n    await workflow.execute_activity(tell, news, ...)\nreturn found",
    ),
    timeout=60,
)
async def alert(bench: Bench) -> str:
    """Six looks, one after the other, by a real schedule."""
    with project(bench):
        return str(await bench.run(_probe_alert, bench.scope))


async def _probe_alert(module: ModuleType, name: str) -> str:
    from temporalio import activity
    from temporalio.client import (
        Schedule,
        ScheduleActionStartWorkflow,
        ScheduleIntervalSpec,
        ScheduleSpec,
    )

    defined = need(module, "Alert", type, "a class")
    finding = importlib.import_module("my.fleet.finding").Finding
    told: list[list[str]] = []
    now: dict[str, Any] = {"number": 0, "finds": ()}

    # Annotations are what the SDK converts by, and this module's are texts.
    async def look():  # type: ignore[no-untyped-def]
        # From the fourth look on in other words each time: a number of attempts, or an age, grows.
        problem = f"stands still (for {max(now['number'], 3)} minutes)"
        return [finding(run, problem, "mend it") for run in now["finds"]]

    async def tell(findings):  # type: ignore[no-untyped-def]
        told.append([one["run"] for one in findings or ()])

    acts = [activity.defn(look), activity.defn(tell)]
    async with running_worker(workflows=[defined], activities=acts) as client:
        schedule = await client.create_schedule(
            name,
            Schedule(
                action=ScheduleActionStartWorkflow("Alert", id=f"{name}-alert", task_queue=task_queue()),
                spec=ScheduleSpec(intervals=[ScheduleIntervalSpec(every=timedelta(days=300))]),
            ),
        )
        try:
            before = ""
            for number, (finds, what, news) in enumerate(_LOOKS, start=1):
                told.clear()
                now |= {"number": number, "finds": finds}
                run = await _triggered(client, schedule, number)
                returned = await result_of(run, _LOOK, what="the alert")
                _judge(told, what, news, before)
                before = (
                    f"; the look before had found {_named(finds)}, and its run returned {_in_words(returned)}"
                )
        finally:
            await schedule.delete()
    return f"{len(_LOOKS)} looks, {sum(len(news) for _, _, news in _LOOKS)} findings told."


async def _triggered(client: Client, schedule: ScheduleHandle, number: int) -> WorkflowHandle[Any, Any]:
    """Have the schedule start its workflow for the n-th time; the run, once it is there."""
    await schedule.trigger()
    run: Any = None

    async def started() -> bool:
        nonlocal run
        info = (await schedule.describe()).info
        run = info.recent_actions[-1].action if info.num_actions >= number else None
        return run is not None

    await until(started)
    return client.get_workflow_handle(run.workflow_id, run_id=run.first_execution_run_id)


def _judge(told: list[list[str]], what: str, news: tuple[str, ...], before: str) -> None:
    runs = [run for one in told for run in one]
    if sorted(runs) != sorted(news):
        raise NotYet(f"{what} to tell of {_named(news)}", f"it tells of {_named(runs)}{before}", _LOOK)
    if [] in told:
        raise NotYet(
            "`tell` to be run only where something is new", f"in {what}, it was run with an empty list", _LOOK
        )


def _in_words(returned: object) -> str:
    """The runs in what a run of the alert returned."""
    if isinstance(returned, list) and all(isinstance(one, dict) and "run" in one for one in returned):
        return _named([str(one["run"]) for one in returned])
    return describe(returned)


def _named(runs: Sequence[str]) -> str:
    return " and ".join(repr(run) for run in runs) or "nothing"


__all__ = ["alert"]
