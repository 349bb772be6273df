"""Lesson 9's ledger: many ask at once and twice, it continues as new again and again, and the sum still holds."""

from __future__ import annotations

import asyncio
import importlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from temporalio.client import Client, WorkflowHandle, WorkflowUpdateFailedError
from temporalio.service import RPCError
from temporalio.worker import Worker

from tests.exercises.answers import lay_out, written_at_the_end
from workshop import catalog
from workshop.lab import session
from workshop.lab.private_server import TemporalServer
from workshop.settings import Settings

FILE = "my/fleet/budget.py"
MOST, ASKED, USED = 3_000, 100, 40

FEW_UPDATES = {"history.maxTotalUpdates": 20, "history.maxInFlightUpdates": 2}
"""Of a run. At 90% of them, the server suggests to continue as new: what is in flight then must still have room."""

AT_ONCE = asyncio.Semaphore(4)
"""More than the server takes at once, so that some are refused and sent again, but no crowd."""


async def told(ledger: WorkflowHandle[Any, Any], update: str, run: str, tokens: int) -> int | None:
    """What the ledger answers; None if it refuses. As an activity would, it tries again after any other error."""
    async with AT_ONCE:
        while True:
            try:
                answer: int = await ledger.execute_update(update, args=[run, tokens], id=f"{run}-{update}")
                return answer
            except WorkflowUpdateFailedError as error:
                if "tokens are left" not in str(error.cause):
                    raise
                return None
            except RPCError:
                await asyncio.sleep(0.1)


async def granted(ledger: WorkflowHandle[Any, Any], runs: range) -> list[int]:
    """Have each run ask twice at the same time; which of them were granted something."""
    twice = [told(ledger, "may_spend", f"run-{n}", ASKED) for n in runs for _ in range(2)]
    answers = await asyncio.gather(*twice)
    return [n for place, n in enumerate(runs) if ASKED in answers[2 * place : 2 * place + 2]]


async def runs_of(ledger: WorkflowHandle[Any, Any], client: Client) -> int:
    """How many runs it has had by now."""
    run_id, number = ledger.first_execution_run_id, 0
    while run_id:
        number += 1
        run = client.get_workflow_handle(ledger.id, run_id=run_id)
        last = (await run.fetch_history()).events[-1]
        run_id = last.workflow_execution_continued_as_new_event_attributes.new_execution_run_id
    return number


@pytest.fixture(autouse=True)
def forgotten() -> Iterator[None]:
    """The lesson's modules are this test's alone: later tests of the same process have a `my` of their own."""
    yield
    session.forget_my_modules()


@pytest.mark.timeout(240)
async def test_a_sum_holds_over_many_runs_of_the_ledger(
    services: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    lay_out(tmp_path, FILE, written_at_the_end(catalog.lesson_of("fleet").file)[FILE])
    books = importlib.import_module("my.fleet.books").Books
    defined = importlib.import_module("my.fleet.ledger").Ledger
    server = TemporalServer("ledger", FEW_UPDATES)
    try:
        client = await Client.connect(server.address)
        async with Worker(client, task_queue="ledger", workflows=[defined]):
            ledger = await client.start_workflow("Ledger", books(MOST), id="ledger", task_queue="ledger")
            first = await granted(ledger, range(40))
            assert len(first) == MOST // ASKED
            # What is not used is given back; said twice, it is given back once.
            done = [told(ledger, "has_spent", f"run-{n}", USED) for n in first for _ in range(2)]
            await asyncio.gather(*done)
            assert len(await granted(ledger, range(40, 60))) == (MOST - len(first) * USED) // ASKED
            # Each run of the ledger has taken twenty updates at most, so what was granted has gone along many times.
            assert await runs_of(ledger, client) >= len(first) * 2 // 20
    finally:
        server.kill()
