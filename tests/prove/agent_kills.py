"""Kills the agents' workers at every event boundary, many runs with one SIGKILL.

A worker's process carries several runs, each with a worker of its own that stops at one boundary. When all of them
have, the process gets SIGKILL, a second one takes over, and every run must end as if nothing had happened.
"""

from __future__ import annotations

import asyncio
import signal
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import timedelta

from . import rows
from .agents import ROUTES, TRIES, WAIT, Agent, Lab, Run, Whole, calls_of
from .boundaries import Boundary, arrival, boundaries
from .moments import Moment

AT_ONCE = 14
"""Runs that one kill hits, at most: they must all have stopped before the first may move again."""

HOLD = 7.0
"""Seconds for which the first run that has stopped waits for the others. It would stay so for ten (see PATIENCE in
``agent_worker.py``; a workflow task's own timeout and that of a tool's call are as long)."""

START_DELAY = timedelta(seconds=10)  # until then the history has one event


@dataclass(frozen=True, eq=False)
class Kill:
    """A kill at a boundary of the history of one question."""

    whole: Whole
    place: Boundary


@dataclass
class Row(rows.Row):
    """One run and what came of it.

    Attributes:
        agent: Which agent.
        question: Which question.
        killed_at: The last event when the worker was killed.
        answer: What came, in a word.
        paid: Model calls that were completed.
        again: The call that was in flight at the kill and was made again, if one was.
        repeated: Calls and activities that had been completed before the kill, and were made again.
        seconds: From the kill to the answer.
        hit: Whether the kill came at its boundary, and was all that happened to the run.
    """

    agent: str = ""
    question: str = ""
    killed_at: str = ""
    answer: str = ""
    paid: int = 0
    again: str = ""
    repeated: int = 0
    seconds: float = 0.0
    hit: bool = False


def kills(whole: Whole) -> list[Kill]:
    """A kill at each boundary."""
    # Held after the service has done its work: what is lost then has been paid for.
    return [Kill(whole, place) for place in boundaries(whole.end.names, whole.routes, when="after")]


@dataclass(frozen=True)
class Slots:
    """What the batches of all agents share.

    Attributes:
        whole: How many may be under way: each has scopes, of which the gateway keeps a hundred.
        stopping: Whether one of them is on its way to the kill: two would keep the processor from each other. After
            the kill it mostly waits for timeouts.
    """

    whole: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(4))
    stopping: asyncio.Lock = field(default_factory=asyncio.Lock)


async def kill_all(lab: Lab, agent: Agent, wanted: Sequence[Kill], slots: Slots) -> list[Row]:
    """Make these kills and return a row for each, in the same order."""
    done: dict[Kill, Row] = {}
    for n in range(TRIES):
        left = [kill for kill in wanted if kill not in done or not done[kill].hit]
        if not left:
            break
        # Who has missed the boundary tries again in less company.
        count = -(-len(left) // max(1, AT_ONCE >> n))
        batches = [left[i::count] for i in range(count)]
        tried = await asyncio.gather(*[_Batch(lab, agent, batch).run(slots) for batch in batches])
        for batch, found in zip(batches, tried, strict=True):
            done |= dict(zip(batch, found, strict=True))
    for row in done.values():
        row.need(row.hit, f"in {TRIES} tries the kill never came at this boundary")
    return [done[kill] for kill in wanted]


class _Batch:
    """Runs that the same SIGKILL hits, each at a boundary of its own."""

    def __init__(self, lab: Lab, agent: Agent, kills: Sequence[Kill]) -> None:
        self._lab = lab
        self._agent = agent
        self._kills = kills
        self._rows = [
            Row(kill.place.title, agent=agent.name, question=kill.whole.question.name) for kill in kills
        ]
        self._runs: list[Run] = []
        self._faults: list[str | None] = []

    async def run(self, slots: Slots) -> list[Row]:
        async with slots.whole:
            try:
                await self._run(slots)
            except Exception as error:  # one batch that fails must not end the others
                for row in self._rows:
                    row.need(False, f"{type(error).__name__} {error}".strip())
        return self._rows

    async def _run(self, slots: Slots) -> None:
        lab, agent = self._lab, self._agent
        async with AsyncExitStack() as stack:
            for kill in self._kills:
                run = await stack.enter_async_context(lab.run(agent, kill.whole.question))
                self._runs.append(run)
                fault = kill.place.fault
                self._faults.append(run.gateway.add_fault(fault).id if fault else None)
            limits = {
                run.scope: kill.place.limits or {} for run, kill in zip(self._runs, self._kills, strict=True)
            }
            async with slots.stopping, lab.worker(agent, limits) as worker:
                await self._bring_all()
                await asyncio.to_thread(worker.kill)
                died = time.monotonic()
                deaths = [await run.moment() for run in self._runs]
            for row in self._rows:
                row.need(worker.returncode == -signal.SIGKILL, f"the worker ended with {worker.returncode}")
            async with lab.worker(agent, dict.fromkeys(limits)):
                await asyncio.gather(*[self._finish(i, death, died) for i, death in enumerate(deaths)])

    async def _bring_all(self) -> None:
        """Start each run so late that all arrive together, and wait until they have.

        The one with the longest way leads: the others start when it has as far to go as they have.
        """
        ways = [kill.place.events for kill in self._kills]
        first, *later = sorted(range(len(ways)), key=lambda i: -ways[i])
        arriving = [await self._start(first)]
        try:
            async with asyncio.timeout(WAIT):
                async for event in self._runs[first].handle.fetch_history_events(wait_new_event=True):
                    while later and ways[first] - event.event_id <= ways[later[0]]:
                        arriving.append(await self._start(later.pop(0)))
                    if event.event_id >= ways[first]:
                        break
                arriving += [await self._start(i) for i in later]
                await asyncio.wait(arriving, return_when=asyncio.FIRST_COMPLETED)
            await asyncio.wait(arriving, timeout=HOLD)
        finally:
            # Who is late has missed its boundary, and is tried again.
            for task in arriving:
                task.cancel()
            await asyncio.gather(*arriving, return_exceptions=True)

    async def _start(self, i: int) -> asyncio.Task[None]:
        run, place = self._runs[i], self._kills[i].place
        await run.start(delay=START_DELAY if place.start_delay else None)
        return asyncio.create_task(arrival(place, run.handle, run.gateway, self._faults[i], WAIT))

    async def _finish(self, i: int, death: Moment, died: float) -> None:
        run, kill, row = self._runs[i], self._kills[i], self._rows[i]
        row.hit = kill.place.is_where(death)
        row.killed_at = death.where
        with row.noting_errors():
            answer = await run.answer()
            row.seconds = time.monotonic() - died
            _judge(row, kill.whole, death, await run.moment(), run, answer)


def _judge(row: Row, whole: Whole, death: Moment, end: Moment, run: Run, answer: str) -> None:
    meter = run.gateway.meter()
    row.answer = "the same" if answer == whole.answer else "another"
    row.need(answer == whole.answer, f"the answer is {answer!r}, not {whole.answer!r}")
    row.need(end.scheduled == whole.end.scheduled, f"the activities asked for were {end.scheduled}")
    row.need(end.events[: len(death.events)] == death.events, "the history was rewritten")

    in_flight = [ROUTES[activity] for activity in death.held]
    made = calls_of(meter)
    made.subtract(calls_of(whole.meter))
    made.subtract(in_flight)
    row.again = ", ".join(in_flight)
    row.paid = meter.model.completed
    row.need(row.paid == whole.meter.model.completed, f"{row.paid} model calls were completed")
    row.repeated = max(meter.model.repeats, sum(extra for extra in made.values() if extra > 0))
    row.need(row.repeated == 0, f"{row.repeated} calls were made again that had been completed")
    row.need(min(made.values()) == 0, f"calls are missing: {dict(made)}")
    # There is a second attempt only at what was under way.
    under_way = sum(death.completed.values()) if death.held else None
    expected = [2 if i == under_way else 1 for i in range(len(whole.end.scheduled))]
    # A timeout besides that of the dead worker: the machine was so busy that a living one did not get to a heartbeat.
    starved = any(end.attempts[i] > expected[i] for i in end.timed_out if i < len(expected))
    row.hit = row.hit and not starved
    row.need(end.attempts == expected, f"the attempts were {end.attempts}, not {expected}")


__all__ = ["Kill", "Row", "kill_all", "kills"]
