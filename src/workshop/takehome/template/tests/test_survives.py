"""A worker process is killed at every event of a run; each run ends with its answer, and nothing is paid twice."""

import asyncio
from typing import Any

from temporalio.client import Client

from tests.outside import Outside
from tests.processes import Workers
from tests.running import PATIENCE, attempts_again, result, start

AT_ONCE = 6
"""Runs side by side: most of the time each waits for a timeout."""

TRIES = 4
"""On a busy machine a living worker may miss a heartbeat, and a call is made again. Such a run is repeated."""


async def test_killed_at_every_event(client: Client, workers: Workers, outside: Outside) -> None:
    handle = await start(client, 1000)
    workers.start(handle.id)
    answer = await result(handle)
    events = len((await handle.fetch_history()).events)
    assert events < 1000, "a run of so many events is a test for a night: choose some of them"
    room = asyncio.Semaphore(AT_ONCE)

    async def check(event: int) -> None:
        for n in range(1000 + event, 1000 * (TRIES + 1) + event, 1000):
            async with room:
                told, again = await killed_at(event, n)
            assert told == answer, f"killed at event {event}"
            if not outside.repeats(f"Question {n}:"):
                return
            assert again, f"paid twice, killed at event {event}"
        raise AssertionError(f"paid twice, {TRIES} times, killed at event {event}")

    async def killed_at(event: int, n: int) -> tuple[Any, int]:
        handle = await start(client, n)
        worker = workers.start(handle.id)
        ending = asyncio.create_task(result(handle, 2 * PATIENCE))
        async for seen in handle.fetch_history_events(wait_new_event=True):
            if seen.event_id >= event:
                break
        worker.kill()
        worker.join()
        second = workers.start(handle.id)
        try:
            return await ending, attempts_again(await handle.fetch_history())
        finally:
            second.kill()

    await asyncio.gather(*(check(event) for event in range(2, events)))
    assert not outside.moved_twice(), (
        "money moved twice: each attempt at a payment needs the same idempotency key"
    )
