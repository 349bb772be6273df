"""What the agent does, without a model: a scripted one over real HTTP, on a real Temporal server."""

import asyncio

import pytest
from temporalio.client import Client, WorkflowFailureError

from tests import KEY
from tests.outside import MOVED_TWICE, Outside
from tests.processes import Workers
from tests.project import TOOLS
from tests.running import activities, attempts_again, failures, result, start


async def test_it_uses_its_tools_and_answers(client: Client, workers: Workers, outside: Outside) -> None:
    handle = await start(client, 1)
    workers.start(handle.id)
    assert await result(handle) == f"Done, with {len(TOOLS)} tools."
    history = await handle.fetch_history()
    assert not failures(history), "each tool works: tests/outside.py answers for its service"
    found = activities(history)
    assert {name: found[name] for name in TOOLS} == dict.fromkeys(TOOLS, 1), "each tool is an activity"
    others = sum(found.values()) - len(TOOLS)
    assert others == outside.calls("Question 1:") == len(TOOLS) + 1, "each model call is an activity"
    assert outside.repeats("Question 1:") == 0


async def test_the_history_holds_no_key(client: Client, workers: Workers) -> None:
    handle = await start(client, 2)
    workers.start(handle.id)
    await result(handle)
    events = [event.SerializeToString() for event in (await handle.fetch_history()).events]
    assert not any(KEY.encode() in event for event in events)


async def test_a_service_that_is_down_is_asked_again(
    client: Client, workers: Workers, outside: Outside
) -> None:
    handle = await start(client, 3)
    worker = workers.start(handle.id)
    before = outside.requests
    await result(handle)
    usual = outside.requests - before
    worker.kill()

    handle = await start(client, 4)
    outside.fail(1)
    workers.start(handle.id)
    await result(handle)
    again = outside.requests - before - usual
    assert again == usual + 1, "the request that failed is made again, unless the tool hides its failure"


async def test_an_answer_that_is_lost_counts_once(client: Client, workers: Workers, outside: Outside) -> None:
    outside.lose_first_answers()
    handle = await start(client, 6)
    workers.start(handle.id)
    await result(handle)
    assert attempts_again(await handle.fetch_history()), (
        "the service is asked again, as it may not have heard"
    )
    assert not outside.moved_twice(), MOVED_TWICE


async def test_a_wrong_key_ends_the_run(client: Client, workers: Workers) -> None:
    handle = await start(client, 5)
    workers.start(handle.id, OPENAI_API_KEY="wrong")
    with pytest.raises(WorkflowFailureError):
        await result(handle)


async def test_without_a_key_no_worker_starts(workers: Workers) -> None:
    worker = workers.start("nobody", OPENAI_API_KEY="")
    await asyncio.to_thread(worker.join, 30)
    assert worker.exitcode == 1, "a worker without a key would fail at every model call"
    assert "OPENAI_API_KEY" in workers.log.read_text().splitlines()[-1]
