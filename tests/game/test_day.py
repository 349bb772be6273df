"""A day with all twelve kinds: each breaks its department, is found, and is mended by a learner's means."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from temporalio.client import WorkflowFailureError
from temporalio.exceptions import TerminatedError

from tests.game.broken import STANDS_STILL
from workshop.errors import LabError
from workshop.game import signs
from workshop.game.day import Day
from workshop.game.fleet import READERS
from workshop.game.judging import judge
from workshop.game.kinds import KINDS
from workshop.game.orders import Remote, serve
from workshop.settings import Settings


async def mend(day: Remote) -> None:
    """As a learner would: files, workers, queues, versions, and at last the runs."""
    day.edit("briefings.py", "headlin(str", "headline(str")
    day.edit("workers.toml", '"briefings", "poems"', '"briefings", "nights", "poems"')
    day.edit("workers.toml", 'env = { OTHER_API_KEY = "last-year" }', "")
    day.edit("harbours.py", "time.sleep(PAUSE * 6000)", "await asyncio.sleep(PAUSE)")
    day.edit("poems.py", "@workflow.defn", "@workflow.defn(failure_exception_types=[AgentsException])")
    day.edit("archive.py", "found * 20_000", "found[:100]")
    day.edit("refunds.py", "order.costumer", "order.customer")
    day.edit("letters.py", "(people[number:], posted)", "(args=[people[number:], posted])")
    queue = ("--task-queue", "surveys", "--task-queue-type", "activity")
    day.temporal("task-queue", "config", "set", *queue, "--queue-rps-limit", "default")
    move = ("--workflow-id", "watch-1", "--versioning-override-behavior", "auto_upgrade")
    day.temporal("workflow", "update-options", *move)
    # Off the loop, on which the one who runs the workers waits for orders.
    await asyncio.to_thread(day.deploy)
    client = await day.connect()
    for run in ("places-3", "visits-1", "visits-2"):
        await client.get_workflow_handle(run).terminate("nobody can mend it")
    await day.retry()


async def ends_at_the_limit(day: Day) -> None:
    """See that who takes the hand-over away, instead of mending it, loses the run."""
    day.edit("letters.py", "if workflow.info().is_continue_as_new_suggested()", "if False")
    await asyncio.to_thread(day.deploy, "services")
    client = await day.connect()
    letters = await client.start_workflow("Letters", args=[READERS], id="letters-3", task_queue="letters")
    with pytest.raises(WorkflowFailureError) as caught:
        await asyncio.wait_for(letters.result(), 60)
    assert isinstance(caught.value.cause, TerminatedError)
    assert "history count exceeds limit" in str(caught.value.cause)


async def tried_again(day: Day) -> list[str]:
    """Which calls of the model were tried again, or given up with their run, and why: for when one was paid twice."""
    told = []
    client = await day.connect()
    async for run in client.list_workflows():
        handle = client.get_workflow_handle(run.id, run_id=run.run_id)
        async for event in handle.fetch_history_events():
            started = event.activity_task_started_event_attributes
            if started.attempt > 1 and started.HasField("last_failure"):
                told.append(f"{run.id}: attempt {started.attempt} after {started.last_failure.message}")
            elif event.HasField("workflow_task_failed_event_attributes"):
                failed = event.workflow_task_failed_event_attributes
                told.append(f"{run.id} {run.run_id}: its code failed: {failed.failure.message}")
    return told


@pytest.mark.timeout(300)
async def test_each_kind_breaks_is_found_and_is_mended(
    services: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert {kind.name for kind in KINDS} == STANDS_STILL.keys()
    day = Day(0, tmp_path, "twelve", list(KINDS))
    try:
        await day.begin()
        broken = set().union(*STANDS_STILL.values())
        assert await signs.stuck(await day.connect()) == broken
        before = await judge(day, patience=0)
        assert (set(before.open), before.wrong) == (broken, ())
        with pytest.raises(LabError, match="no worker nobody"):
            day.deploy("nobody")

        serving = asyncio.create_task(serve(day))
        await mend(Remote(tmp_path, day.address))
        serving.cancel()
        verdict = await judge(day, patience=90)
        again = await tried_again(day) if verdict.repeats else []
        assert (verdict.open, verdict.wrong, verdict.repeats, again) == ((), (), 0, [])
        assert set(verdict.ended) == {"places-3", "poems-2", "visits-1", "visits-2"}
        await ends_at_the_limit(day)

        # Who ends what could have gone on, or what waits for a person, has lost something.
        await (await day.connect()).get_workflow_handle("approvals-1").terminate("cleared away")
        assert (await judge(day, patience=0)).wrong == (
            "approvals-1 waited for a person, and now it is terminated",
        )
    finally:
        day.end()
