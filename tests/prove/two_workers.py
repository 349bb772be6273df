"""Kills both of two workers in turn: the research run, the approvals and the watch.

One of two workers gets SIGKILL, a third process starts, and later the other of the first two is killed as well. Where
and how is the matter of a way: ``at_boundaries.py`` or ``in_full_swing.py``.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter

from workshop.settings import Settings

from .agents import calls_of
from .boundaries import Boundary
from .gates import Gates
from .stories import STORIES, Row, Run, Stop, Story, Whole, judge, judge_answers, judge_money
from .workplace import workplace

SAMPLE = 60
"""First kills in one way in one history, at most; if it has more places for them, evenly many are left out."""

TRIES = 3
"""How often a run is tried if the machine is so busy that a living worker misses a timeout."""


@dataclass
class Proven:
    """What came of one story, killed in one way: a row for each run.

    Attributes:
        story: Which story.
        way: Which way.
        places: How many places for the first kill there are.
        rows: The story undisturbed, then the kills.
    """

    story: str
    way: str
    places: int = 0
    rows: list[Row] = field(default_factory=list)


@dataclass
class Killed:
    """A run whose first two workers have been killed, and which has ended all the same.

    Attributes:
        stops: What there was at each kill; one only if the run was over before the second.
        answers: Whether each of the person's answers counted.
        died: When the first worker was killed, by the monotonic clock.
        hit: Whether the first kill came where it should.
    """

    stops: list[Stop]
    answers: Sequence[bool]
    died: float
    hit: bool = True


class Way(Protocol):
    """A way to kill two workers.

    Attributes:
        name: What the table calls it.
        gated: Whether the workers are (see ``gates.py``).
    """

    name: str
    gated: bool

    async def undisturbed(self, run: Run, story: Story) -> tuple[Sequence[bool], Sequence[Boundary]]:
        """Tell a story with its answers; whether each counted, and the boundaries that were seen."""

    def places(self, whole: Whole) -> Sequence[str]:
        """The places for the first kill."""

    async def kill_both(self, run: Run, story: Story, whole: Whole, place: int) -> Killed:
        """Start a story, kill one worker at this place, by number from 0, and later the other, and wait for the end."""


class Proof:
    """Tells the stories beside one Temporal server and one gateway.

    Args:
        settings: Where those are; both must run.
        at_once: How many runs at the same time.
    """

    def __init__(self, settings: Settings, at_once: int) -> None:
        self.gates: Gates
        self._settings = settings
        self._slots = asyncio.Semaphore(at_once)
        self._client: Client
        self._folder: Path

    @asynccontextmanager
    async def open(self) -> AsyncIterator[Proof]:
        self._client = await Client.connect(
            self._settings.temporal_address, data_converter=pydantic_data_converter
        )
        with workplace("native_agent", "micro_agents", "people", "watch") as self._folder:
            async with Gates(self._folder) as self.gates:
                yield self

    @asynccontextmanager
    async def run(self, story: Story, gated: bool = False) -> AsyncIterator[Run]:
        run = Run(self._settings, self._folder, self._client, story, gated)
        try:
            await run.open_bank()
            yield run
        finally:
            await run.close()

    async def prove(self, story: Story, way: Way, every: int) -> Proven:
        """The story undisturbed, and with two kills, the first at each (``every``-th) place."""
        proven = Proven(story.name, way.name)
        for _ in range(TRIES):
            whole, titles = None, []
            first = Row(f"{story.name}, {way.name}: nothing happens to it", story.name)
            with first.noting_errors():
                async with self._slots:
                    whole = await self._undisturbed(story, way, first)
                titles = list(way.places(whole))
            if whole is None or not whole.end.too_slow:
                break
        else:
            first.need(False, f"{TRIES} times the machine was too slow to let it run undisturbed")
        proven.rows.append(first)
        if whole is None or not first.ok:
            return proven
        proven.places = len(titles)
        step = every * -(-len(titles) // SAMPLE)
        chosen = {
            *range(STORIES.index(story) % step, len(titles), step),
            *_around(story.turns_at, whole.places),
        }
        proven.rows += await asyncio.gather(
            *[self._killed(story, way, whole, place, titles[place]) for place in sorted(chosen)]
        )
        return proven

    async def _undisturbed(self, story: Story, way: Way, row: Row) -> Whole:
        async with self.run(story, way.gated) as run:
            await asyncio.gather(run.add_worker(), run.add_worker())
            answers, places = await way.undisturbed(run, story)
            result, end, meter = await run.result(), await run.moment(), run.gateway.meter()
            row.paid_calls = meter.model.completed
            await judge_money(row, run, story)
            judge_answers(row, story, answers, end)
            row.need(set(end.attempts) == {1}, f"the attempts were {end.attempts}")
            return Whole(result, end, calls_of(meter), places)

    async def _killed(self, story: Story, way: Way, whole: Whole, place: int, title: str) -> Row:
        for _ in range(TRIES):
            row, again = Row(f"{story.name}, {title}", story.name), False
            with row.noting_errors():
                async with self._slots, self.run(story, way.gated) as run:
                    again = await self._kill_both(story, way, whole, place, run, row)
            if not again:
                break
        return row

    async def _kill_both(self, story: Story, way: Way, whole: Whole, place: int, run: Run, row: Row) -> bool:
        """Note what comes of it; whether the machine was too busy for it."""
        first_two = await asyncio.gather(run.add_worker(), run.add_worker())
        killed = await way.kill_both(run, story, whole, place)
        result = await run.result()
        row.seconds = time.monotonic() - killed.died
        end = await run.moment()
        row.killed_at = [stop.where for stop in killed.stops]
        row.need(killed.hit, "the first kill did not come at a boundary")
        both = len(killed.stops) == 2
        row.need(not both or not any(one.running for one in first_two), "one of the two was not killed")
        await judge_money(row, run, story)
        judge_answers(row, story, killed.answers, end)
        return judge(row, run, whole, killed.stops, end, result) or not killed.hit


def _around(event: str | None, places: Sequence[Boundary]) -> list[int]:
    """The last place before an event and the first one after it, by number from 0; none if it does not come."""
    after = [n for n, place in enumerate(places) if event in (place.names or ())]
    return [after[0] - 1, after[0]] if after else []


__all__ = ["Killed", "Proof", "Proven", "Way"]
