"""Lesson 9's alert, on its schedule, through nights of faults: what it finds, how soon, how often it is wrong.

In some nights a fleet is broken, as on a game day; each run that stands still must be told, once, and no other. In the
others nothing is broken: errors that pass, slow replies, and workers that are killed and started again. Then it must be
silent.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from temporalio.client import (
    Client,
    Schedule,
    ScheduleActionStartWorkflow,
    ScheduleIntervalSpec,
    ScheduleOverlapPolicy,
    SchedulePolicy,
    ScheduleSpec,
)

from tests.game.broken import STANDS_STILL
from workshop.game import signs
from workshop.game.day import Day
from workshop.game.kinds import KINDS, kinds_of
from workshop.lab.gateway_client import FaultSpec
from workshop.lab.processes import Process, process
from workshop.settings import Settings

from . import rows
from .workplace import workplace

SEEDS = (7, 18, 42)
"""Game days, beside the night in which all twelve kinds are broken."""

EVERY = timedelta(seconds=2)
"""Between two looks, as in the lesson."""

LOOKS = 10
"""So many looks more, when all have been told: what is told late or twice is told then."""

PASSING = (
    FaultSpec(route="model", kind="server_error", calls=3),
    FaultSpec(route="model", kind="rate_limit", retry_after=1, calls=2),
    FaultSpec(route="model", kind="delay", delay=4, when="after", calls=2),
    FaultSpec(route="bank", kind="cut", calls=2),
    FaultSpec(route="weather", kind="refuse", calls=3),
    FaultSpec(route="ip", kind="garbage", calls=1),
)
"""Troubles that pass by themselves."""

_WAIT = 120.0


@dataclass
class Row(rows.Row):
    """One night and what the alert made of it.

    Attributes:
        runs: How many there were.
        stuck: Runs that stood still, as their faults have it.
        told: Those of them that the alert reported.
        false: Reports of runs that did not stand still, or of one run more than once.
        first: Seconds from a run's start to its report, for the one that was told soonest.
        last: For the one that was told last.
    """

    runs: int = 0
    stuck: int = 0
    told: int = 0
    false: int = 0
    first: float = 0.0
    last: float = 0.0


class Watched:
    """The alert on its schedule at a server, and when it reported which run."""

    def __init__(self, client: Client, worker: Process, runs: set[str]) -> None:
        self.client = client
        self.worker = worker
        self.runs = runs
        self.reports: list[tuple[str, float, str]] = []

    def read(self) -> None:
        """Note what it has printed since; a report's time is when it was read.

        Raises:
            RuntimeError: its worker has ended.
        """
        if not self.worker.running:
            raise RuntimeError(f"the alert's worker has ended: {self.worker.last_lines(1)}")
        lines = (line.partition(": ") for line in self.worker.output().splitlines())
        told = [(run, problem) for run, _, problem in lines if run in self.runs]
        self.reports += [(run, time.time(), problem) for run, problem in told[len(self.reports) :]]

    async def looked(self) -> int:
        """How often it has looked to the end."""
        query = "WorkflowType = 'Alert' AND ExecutionStatus = 'Completed'"
        return (await self.client.count_workflows(query)).count

    async def until_told(self, runs: set[str]) -> None:
        """Wait until these have been reported, and some looks longer."""
        try:
            async with asyncio.timeout(_WAIT):
                while not runs <= {run for run, *_ in self.reports}:
                    await asyncio.sleep(0.2)
                    self.read()
        except TimeoutError:
            return
        enough = await self.looked() + LOOKS
        async with asyncio.timeout(_WAIT):
            while await self.looked() < enough:
                await asyncio.sleep(0.2)
                self.read()


async def watch(settings: Settings, day: Day) -> Watched:
    """Put the alert to work as soon as the day has a server."""
    await _until(lambda: bool(day.address))
    client = await day.connect()
    env = {**settings.client_environment(day.scope), "TEMPORAL_ADDRESS": day.address}
    worker = process("my/fleet/alert_worker.py", name="the night's alert", env=env)
    action = ScheduleActionStartWorkflow("Alert", id="alert", task_queue="alert")
    spec = ScheduleSpec(intervals=[ScheduleIntervalSpec(every=EVERY)])
    policy = SchedulePolicy(overlap=ScheduleOverlapPolicy.SKIP)
    await client.create_schedule("alert", Schedule(action=action, spec=spec, policy=policy))
    return Watched(client, worker, {run.id for run in day.runs})


async def spend(settings: Settings, day: Day, row: Row) -> None:
    """One night: begin the fleet under the alert's eyes, and compare what it tells with what stands still."""
    beginning = asyncio.create_task(day.begin())
    watched: Watched | None = None
    try:
        watched = await watch(settings, day)
        if not day.kinds:
            await kill_all(day)
        while not beginning.done():
            watched.read()
            await asyncio.sleep(0.2)
        await beginning
        stuck = set().union(*(STANDS_STILL[kind.name] for kind in day.kinds))
        await watched.until_told(stuck)
        await judge(watched, stuck, row)
        missed = [f"{one.kind} of {one.route}" for one in day._gateway.faults() if not one.hits]
        row.need(not missed, f"troubles that met nobody: {', '.join(missed)}")
        # Whatever else is open waits for a person. The alert's own runs come and go.
        still = {run async for run, _ in signs.running(watched.client)} & watched.runs
        waits = {run.id for run in day.runs if run.waits}
        row.need(still == stuck | waits, f"open at the end: {', '.join(sorted(still))}")
    finally:
        beginning.cancel()
        if watched:
            watched.worker.kill()
        day.end()
    row.runs = len(day.runs)


async def kill_all(day: Day) -> None:
    """SIGKILL each worker as soon as the fleet has paid for a call, and start it again."""
    await _until(lambda: day.meter().model.completed > 0)
    for worker in list(day._workers.values()):
        await asyncio.to_thread(worker.kill)
    await asyncio.to_thread(day.deploy)


async def _until(happened: Callable[[], bool]) -> None:
    async with asyncio.timeout(_WAIT):
        while True:
            if await asyncio.to_thread(happened):
                return
            await asyncio.sleep(0.1)


async def judge(watched: Watched, stuck: set[str], row: Row) -> None:
    """Compare what was told with what stands still."""
    told = [run for run, *_ in watched.reports]
    wolf = [f"{run}: {problem}" for run, _, problem in watched.reports if run not in stuck]
    times = []
    for run, at, _ in watched.reports:
        if run in stuck:
            described = await watched.client.get_workflow_handle(run).describe()
            times.append(at - described.start_time.timestamp())
    row.stuck, row.told = len(stuck), len(stuck & set(told))
    row.false = len(told) - row.told
    row.first, row.last = min(times, default=0.0), max(times, default=0.0)
    row.need(stuck <= set(told), f"never told: {', '.join(sorted(stuck - set(told)))}")
    row.need(not wolf, f"cried wolf: {'; '.join(wolf)}")
    row.need(len(told) == len(set(told)), f"told more than once: {', '.join(told)}")


async def prove_nights(settings: Settings, seeds: Sequence[int] = SEEDS) -> list[Row]:
    """The nights, one after the other.

    Args:
        settings: Where the gateway is; it must run. Each night has a Temporal server of its own.
        seeds: The game days that are nights here.
    """
    nights = [("nothing broken, troubles that pass", 0, []), ("all twelve kinds", 0, list(KINDS))]
    nights += [(f"game day {seed}", seed, kinds_of(seed)) for seed in seeds]
    found = []
    with workplace("fleet") as folder, contextlib.chdir(folder):
        for number, (title, seed, kinds) in enumerate(nights):
            row = Row(title)
            found.append(row)
            day = Day(seed, Path(folder), f"night-{number}", kinds)
            for fault in () if kinds else PASSING:
                day._gateway.add_fault(fault)
            with row.noting_errors():
                await spend(settings, day, row)
    return found


__all__ = ["Row", "prove_nights"]
