"""Reading along: what a worker said that died in mid-sentence does not count when the sentence begins anew."""

from __future__ import annotations

import asyncio
import os
from datetime import timedelta
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from workshop.checks.bench import Bench, NotYet, describe, need_function, place_of
from workshop.checks.endings import result_of
from workshop.checks.outcomes import CourseProblem, shorten
from workshop.checks.registry import exercise
from workshop.checks.workflows import connect
from workshop.exercises.watch.project import project

if TYPE_CHECKING:
    from temporalio.client import WorkflowHandle

_PACE = 0.2
"""Seconds between two words."""

_WORDS = 4
"""So many pieces are in the history when the worker is killed."""

_TASK_TIMEOUT = timedelta(seconds=3)
"""A task that the killed worker had taken is offered again after this time; ten seconds, unless told otherwise."""

_PATIENCE = 40.0
"""Seconds in which so many pieces must have come; two or three are enough, but for a very busy machine."""

_BUSY = "The machine is so busy that the worker could not be killed in mid-sentence."
_WAIT = "Wait until it is less busy, then run the cell again."

_QUESTION = "Write a haiku about the moon."
_PUBLISH = "__temporal_workflow_stream_publish"


@exercise(
    proves="The worker died in mid-sentence; the reader saw it begin anew, and in the end has what the run has.",
    hints=(
        "Two attempts at one reply, one after the other on the same stream: how do you notice where the second begins?",
        "Two types of events matter, `response.created` and `response.output_text.delta`: "
        "https://platform.openai.com/docs/api-reference/responses-streaming",
        'if event["type"] == "response.created":\n    text = ...\n'
        'elif event["type"] == "response.output_text.delta":\n    text += ...\n    show(text)',
    ),
    timeout=90,
    note="kills a real worker in mid-sentence and waits until another has taken over: 10 seconds or so",
    not_replayed="its run is that of the course's own speaker",
)
async def along(bench: Bench) -> str:
    """A paced haiku; its worker is killed after some words, while the learner's function reads along."""
    script = str(Path(__file__).with_name("speaker_worker.py"))
    client = await connect(bench)
    with project(bench):
        reading: asyncio.Future[Any] | None = None
        try:
            with bench.fault("model", "pace", delay=_PACE):
                process = await bench.process(script)
                handle = await client.start_workflow(
                    "Speaker",
                    _QUESTION,
                    id=bench.scope,
                    task_queue=f"check-{bench.scope}",
                    task_timeout=_TASK_TIMEOUT,
                )
                reading = asyncio.ensure_future(bench.run(_probe_along, bench.scope))
                await _in_mid_sentence(handle, reading)
                process.kill()
            # The second attempt need not be slow.
            await bench.process(script)
            seen = await reading
        finally:
            if reading:
                reading.cancel()
        result = await result_of(handle, "`my/watch/speaker.py`")
    return _judge(seen, result)


async def _in_mid_sentence(handle: WorkflowHandle[Any, Any], reading: asyncio.Future[Any]) -> None:
    """Wait until some words are in the history, or the learner's function has ended before them."""
    batches = 0
    try:
        async with asyncio.timeout(_PATIENCE):
            async for event in handle.fetch_history_events(wait_new_event=True):
                signal = event.workflow_execution_signaled_event_attributes
                batches += signal.signal_name == _PUBLISH
                if event.HasField("activity_task_completed_event_attributes"):
                    raise CourseProblem(_BUSY, _WAIT)
                if batches > _WORDS or reading.done():
                    return
    except TimeoutError:
        raise CourseProblem(_BUSY, _WAIT) from None


async def _probe_along(module: ModuleType, workflow_id: str) -> dict[str, Any]:
    from temporalio.client import Client

    read_along = need_function(module, "read_along", is_async=True)
    shown: list[Any] = []
    client = await Client.connect(os.environ["TEMPORAL_ADDRESS"])
    try:
        text = await read_along(client, workflow_id, shown.append)
    except KeyError as error:
        raise NotYet(
            "each event to be read by its type", f"KeyError: {error}", place_of(module, read_along)
        ) from None
    return {"text": text if isinstance(text, str) else describe(text), "shown": [str(one) for one in shown]}


def _judge(seen: dict[str, Any], result: str) -> str:
    look = "`read_along`"
    text, shown = seen["text"], seen["shown"]
    first_words = result.split()[0]
    if text != result:
        got, event = f"{shorten(text, 160)!r}", "response.output_text.delta"
        if text.count(first_words) > result.count(first_words):
            got, event = f"the beginning twice: {got}", "response.created"
        elif not text and shown:
            got, event = "nothing: the text was cleared after its last piece", "response.created"
        raise NotYet(f"what the run has: {shorten(result, 120)!r}", got, f'{look}: `"{event}"`')
    if not shown:
        raise NotYet("`show(text)` for each piece", "it was never called", look)
    wrong = next((one for one in shown if not result.startswith(one)), None)
    if wrong is not None:
        raise NotYet(
            "`show` to get all of the text so far", f"it got {shorten(wrong, 80)!r}", f"{look}: `show(text)`"
        )
    if shown[-1] != result:
        raise NotYet(
            "the whole text to be shown in the end", f"the last was {shorten(shown[-1], 80)!r}", look
        )
    if len(shown) < len(result.split()):
        raise NotYet(
            "`show(text)` for each piece", f"{len(shown)} times for {len(result.split())} words", look
        )
    return f"In the end it was {shorten(' '.join(result.split()), 100)!r}."
