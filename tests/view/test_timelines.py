"""Pictures of real histories: real server, real worker processes, really killed."""

from __future__ import annotations

import asyncio
import re
import time
import xml.etree.ElementTree as ET

import pytest
from temporalio.client import WorkflowFailureError, WorkflowUpdateFailedError

from tests.transfer_bank import WORKFLOW, Bank, has, is_running, waits
from tests.view.unstable import UNSTABLE
from tests.waiting import until
from workshop.errors import LabError
from workshop.view.histories import history
from workshop.view.timelines import Timeline, timeline

SVG = "{http://www.w3.org/2000/svg}"


def words(picture: Timeline) -> list[str]:
    """All texts written on the picture, in drawing order."""
    root = ET.fromstring(picture.svg())
    return [node.text or "" for node in root.iter(f"{SVG}text")]


def check_pictures(picture: Timeline) -> None:
    """What holds for every stored picture: well-formed, with a text alternative, nothing that changes."""
    root = ET.fromstring(picture.svg())
    assert root.attrib["role"] == "img"
    assert root.findtext(f"{SVG}title")
    assert root.findtext(f"{SVG}desc") == picture.text()
    bundle = picture._repr_mimebundle_()
    assert bundle["text/plain"] == picture.text() == str(picture)
    assert picture.svg() in bundle["text/html"]
    assert bundle["image/svg+xml"] == picture.svg()
    for text in bundle.values():
        assert not UNSTABLE.search(text)


async def test_retries_are_attempts_on_one_row(open_bank: Bank) -> None:
    open_bank.set("closed", "2")
    handle, again = [await open_bank.start(100) for _ in range(2)]
    assert await handle.result() == await again.result() == "withdrew 100, deposited 100"
    open_bank.mend("closed")
    picture = await timeline(handle)
    assert picture.text() == (
        "MoneyTransfer: completed\n"
        "  1. withdraw: attempts 1 to 2 failed, the last with: Bank is closed; attempt 3 completed\n"
        "  2. pay it in (deposit): completed"
    )
    check_pictures(picture)
    drawn = words(picture)
    assert "attempts 1–2 failed" in drawn
    assert "attempt 3 completed" in drawn
    assert "Bank is closed" in drawn
    assert not picture.following

    # Two runs that went the same way are stored alike, to the last letter.
    assert (await timeline(again))._repr_mimebundle_() == picture._repr_mimebundle_()


async def test_another_worker_takes_over_from_a_killed_one(bank: Bank) -> None:
    bank.set("slow")
    first = bank.worker()
    handle = await bank.start(100)
    await until(lambda: is_running(handle, "deposit"))
    bank.kill(first)
    bank.mend("slow")
    bank.worker()
    await asyncio.wait_for(handle.result(), 20)
    picture = await timeline(handle)
    assert picture.text() == (
        "MoneyTransfer: completed\n"
        "  1. withdraw: completed (worker 1)\n"
        "  2. pay it in (deposit): attempt 1 timed out: no answer within 1 s; "
        "attempt 2 completed (worker 2)\n"
        "     -- worker 1 gone, worker 2 took over --"
    )
    check_pictures(picture)
    assert "worker 1 gone, worker 2 took over" in words(picture)
    # The line stands where attempt 1 ends and attempt 2 begins.
    (line,) = picture.story.lines
    one, two = picture.story.rows[1].segments
    assert line.place.column == one.end.column == two.start.column
    # Whether the dead worker's cache times out in the history depends on when the next worker asks.
    assert "attempt 2 on worker 2" in str(await history(handle))


async def test_signals_updates_timers_and_two_living_workers(open_bank: Bank) -> None:
    handle = await open_bank.start(100, "wait")
    await until(lambda: waits(handle))
    assert "running (waiting for a signal or an update)" in (await timeline(handle, live=False)).text()
    assert await handle.execute_update("limit", 10) == 10
    for wrong in (-1, 5000):
        with pytest.raises(WorkflowUpdateFailedError):
            await handle.execute_update("limit", wrong)
    second = open_bank.worker()
    await handle.signal("approve")
    await handle.result()
    picture = await timeline(handle)
    told = [re.sub(r" \(worker \d\)", "", line) for line in picture.text().splitlines()]
    # A rejected update (-1) leaves no event, so it cannot be told.
    assert told == [
        "MoneyTransfer: completed",
        "  1. update limit: completed",
        "  2. update limit: failed: above what the bank allows",
        "  3. signal approve: received",
        "  4. withdraw: completed",
        "  5. pay it in (deposit): completed",
    ]
    assert not picture.story.lines
    check_pictures(picture)

    timed = await open_bank.start(100, "pause")
    await timed.result()
    assert "  1. timer of 1 s: fired\n" in (await timeline(timed)).text()
    open_bank.dismiss(second)


async def test_failures_cancellation_and_termination_are_told(open_bank: Bank) -> None:
    failing = await open_bank.start(404)
    with pytest.raises(WorkflowFailureError):
        await failing.result()
    picture = await timeline(failing)
    assert picture.text() == (
        "MoneyTransfer: failed (no such account)\n"
        "  1. withdraw: completed\n"
        "  2. pay it in (deposit): failed: no such account"
    )
    check_pictures(picture)

    cancelled = await open_bank.start(1, "time")
    await until(lambda: waits(cancelled))
    await cancelled.cancel()
    with pytest.raises(WorkflowFailureError):
        await cancelled.result()
    text = (await timeline(cancelled)).text()
    assert text.startswith("MoneyTransfer: cancelled\n  1. timer of 1 min: ")
    assert "cancel request: received" in text

    ended = await open_bank.start(1, "wait")
    await until(lambda: waits(ended))
    await ended.terminate(reason="enough of it")
    assert (await timeline(ended)).text() == "MoneyTransfer: terminated (enough of it)"


async def test_parallel_activities_children_and_runs_that_continue(open_bank: Bank) -> None:
    several = await open_bank.start(kind="Several")
    office = await open_bank.start(kind="Office")
    again = await open_bank.start(1, "again")
    await asyncio.gather(several.result(), office.result(), again.result())

    picture = await timeline(several)
    starts = {row.segments[0].start.column for row in picture.story.rows}
    assert len(picture.story.rows) == 3
    assert len(starts) == 1
    check_pictures(picture)

    assert (
        await timeline(office)
    ).text() == "Office: completed\n  1. child workflow MoneyTransfer: completed"

    first_run = open_bank.client.get_workflow_handle(again.id, run_id=again.first_execution_run_id)
    assert (await timeline(first_run)).text().startswith("MoneyTransfer: continued as new\n")
    assert (await timeline(again)).text().startswith("MoneyTransfer: completed\n")
    assert "WorkflowExecutionContinuedAsNew" in (await history(first_run)).names


async def test_a_typo_is_told_with_its_line_and_mended(bank: Bank) -> None:
    bank.write("workflow.py", WORKFLOW.replace('return f"{taken}, {given}"', 'return f"{taken}, {gven}"'))
    first = bank.worker()
    handle = await bank.start(100)
    await until(lambda: has(handle, "WorkflowTaskFailed"))
    await asyncio.sleep(0.3)
    running = (await timeline(handle, live=False)).text()
    failure = "NameError: name 'gven' is not defined, in my/bank/workflow.py, line "
    assert f"workflow code: task fails, and is tried again: {failure}" in running
    bank.kill(first)
    bank.write("workflow.py", WORKFLOW)
    bank.worker()
    assert await asyncio.wait_for(handle.result(), 15) == "withdrew 100, deposited 100"
    picture = await timeline(handle)
    told = picture.text().splitlines()
    assert "workflow code: task failed: NameError" in told[3]
    assert told[3].endswith('return f"{taken}, {gven}"; task completed (worker 2)')
    assert told[4].strip() == "-- worker 1 gone, worker 2 took over --"
    check_pictures(picture)
    assert failure in str(await history(handle))


async def test_the_live_picture_follows_a_run_to_its_end(
    bank: Bank, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("WORKSHOP_VIEWS", raising=False)
    empty = Bank(tmp_path_factory.mktemp("empty"), bank.address)
    await empty.connect()
    alone = await timeline(await empty.start(1), live=True)
    bank.set("closed")
    bank.worker()
    handle = await bank.start(100)
    before = time.monotonic()
    picture = await timeline(handle)
    assert time.monotonic() - before < 1
    assert picture.following
    bundle, _ = picture._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in bundle

    # Two at least: on a busy machine the next attempt may have failed before this is looked at.
    failed = re.compile(r"attempts 1 to \d+ failed: Bank is closed; attempt \d+")
    await until(lambda: failed.search(picture.text()) is not None)
    await until(lambda: "Bank is closed" in picture._widget.value)
    assert re.search(r">\d+(\.\d+)? s<", picture._widget.value)
    bank.mend("closed")
    await handle.result()
    await picture.finished(20)
    assert not picture.following
    assert "MoneyTransfer: completed" in picture._widget.value
    attempts = picture.story.rows[0].segments
    # The history keeps the last failure only; the live picture has seen the attempts one by one.
    assert len(attempts) >= 3
    assert [one.start.seconds for one in attempts] == sorted(one.start.seconds for one in attempts)

    # Where nobody works the picture says so, without an event.
    await until(lambda: "no worker has taken the next step yet" in alone.text())
    alone.stop()
    await alone.finished(5)
    assert "no longer follows" in alone._widget.value


async def test_live_is_static_where_asked_and_follows_a_continued_run(
    open_bank: Bank, monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting = await open_bank.start(1, "wait")
    await until(lambda: waits(waiting))
    monkeypatch.setenv("WORKSHOP_VIEWS", "static")
    assert not (await timeline(waiting)).following
    monkeypatch.delenv("WORKSHOP_VIEWS")
    await waiting.signal("approve")

    again = await open_bank.start(1, "again")
    picture = await timeline(again, live=True)
    await again.result()
    await picture.finished(5)
    assert picture.story.status == "completed"
    with pytest.raises(LabError, match="no workflow 'nobody'"):
        await timeline(open_bank.client.get_workflow_handle("nobody"))
    with pytest.raises(LabError, match="no workflow 'nobody'"):
        await history(open_bank.client.get_workflow_handle("nobody"))
