"""Runs the solution's transfer again and again, and each time kills something in the middle.

Every run has its own scope at the gateway (so its own bank and faults), its own task queue and its own worker
processes. What must hold afterwards is the same for all: the transfer's result, a ledger that balances, a
history that begins as it stood at the kill, and no activity that had completed by then was begun again.
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import signal
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from pathlib import Path

from temporalio.client import Client

from workshop.lab import ports, services
from workshop.lab.forking import warm
from workshop.lab.gateway_client import FaultSpec, Route
from workshop.lab.processes import Process
from workshop.lab.records import read_records
from workshop.runs.events import event_name
from workshop.settings import LOOPBACK, Settings
from workshop.tools.bank import Entry, Ledger

from . import rows
from .boundaries import Boundary, arrival
from .boundaries import boundaries as every_place
from .moments import Moment, moment
from .scoped import ScopedRun
from .workplace import workplace

AT_ONCE = 4
"""Runs at the same time: while one waits for a timeout of the server's, others use the processor."""

EVENTS = 17
"""Events of the transfer when nothing happens to it; the boundaries lie between them."""

EVERY_BOUNDARY = tuple(range(1, EVENTS))

OPENED = {"alice": 100, "bob": 0}
AMOUNT = 30
MOVED = {"alice": 70, "bob": 30}

WAIT = 30.0
"""Seconds that anything here may take; each takes less than five."""

TRIES = 3
"""How often a boundary is tried for if the machine was so busy that a timeout of the server's went past it."""

TASK_TIMEOUT = timedelta(seconds=2)  # as with STICKY in worker.py: less to wait for a dead worker
START_DELAY = timedelta(seconds=1)  # until then the history has one event
SLOW_BANK = 0.3  # seconds that each call takes in runs killed by the clock, or they would be over too soon

WITH_KEYS, WITHOUT_KEYS = "safe_activities", "activities"
_REQUESTS = {"withdraw": "/withdrawals", "deposit": "/deposits"}
_ROUTES: tuple[Route, ...] = ("bank", "bank")


@dataclass(frozen=True)
class Kill(Boundary):
    """When a worker is killed.

    Attributes:
        after: Seconds from the start to the kill, in place of a boundary.
        activities: The module of the activities.
        balances: What the accounts must hold in the end.
    """

    after: float | None = None
    activities: str = WITH_KEYS
    balances: dict[str, int] = field(default_factory=MOVED.copy)


@dataclass(frozen=True)
class Seen(Moment):
    """What there is at one moment, and the requests that have reached the bank."""

    requests: Counter[str]


@dataclass
class Row(rows.Row):
    """One transfer and what came of it."""

    killed_at: str = ""
    events: str = ""
    result: str = ""
    ledger: str = ""
    attempts: str = ""
    repeated: int = 0
    seconds: float = 0.0


class Run(ScopedRun):
    """One transfer, the bank it is about, and the workers that have done for it."""

    def __init__(self, settings: Settings, folder: Path, client: Client) -> None:
        super().__init__(settings, folder, OPENED, WAIT)
        self._client = client

    async def worker(self, activities: str, limits: dict[str, int] | None = None) -> Process:
        """Start a worker's process; it looks for work when this returns."""
        worker = self.begin_process("worker.py", activities, *([json.dumps(limits)] if limits else []))
        await worker.wait_for("ready", WAIT)
        return worker

    async def start(self, delay: timedelta | None = None) -> None:
        self.handle = await self._client.start_workflow(
            "MoneyTransfer",
            {"source": "alice", "target": "bob", "amount": AMOUNT},
            id=self.scope,
            task_queue=f"transfers-{self.scope}",
            task_timeout=TASK_TIMEOUT,
            start_delay=delay,
            result_type=str,
        )

    async def until(self, kill: Kill, fault: str | None) -> None:
        """Wait until it is time to kill."""
        if kill.after is not None:
            await asyncio.sleep(kill.after)
            return
        await arrival(kill, self.handle, self.gateway, fault, WAIT)
        if kill.fault is not None and kill.fault.when == "after":
            # The hit is counted when the call comes; the money moves right after.
            await _until(partial(self.has_moved, kill.fault.after + 1))

    async def has_moved(self, times: int) -> bool:
        """Whether money has moved so often."""
        return len(_movements(await self.ledger())) >= times

    async def moment(self) -> Seen:
        """Read what there is now."""
        seen = await moment(self.handle)
        calls = [call.request for call in self.gateway.transcript() if call.route == "bank"]
        ends = {end: activity for activity, end in _REQUESTS.items()}
        requests = Counter(ends["/" + str(call["path"]).rpartition("/")[2]] for call in calls)
        return Seen(seen.events, seen.held, seen.length, requests)


class Proof:
    """Runs transfers beside one Temporal server and one gateway.

    Args:
        settings: Where those are; both must run.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._slots = asyncio.Semaphore(AT_ONCE)
        self._open = ExitStack()
        self._folder: Path
        self._client: Client

    async def undisturbed(self) -> tuple[Row, list[str], str]:
        """The transfer when nothing happens to it: its row, the names of its events, its result.

        Once more if the machine was too slow for that.
        """
        for _ in range(TRIES):
            row, end, result = await self._undisturbed()
            if end is None or not end.too_slow:
                break
        else:
            row.need(False, f"{TRIES} times the machine was too slow to let it run undisturbed")
        return row, end.names if end else [], result

    async def _undisturbed(self) -> tuple[Row, Seen | None, str]:
        row = Row("nothing happens to it", killed_at="-", events="-")
        end: Seen | None = None
        result = ""
        with row.noting_errors():
            async with self._run(self._settings, self._client) as run:
                await run.worker(WITH_KEYS)
                began = time.monotonic()
                await run.start()
                result = await run.result()
                row.seconds = time.monotonic() - began
                end = await run.moment()
                await _judge(row, run, None, end, (result, result), MOVED)
            row.need(len(end.names) == EVENTS, f"it has {len(end.names)} events, not {EVENTS}")
        return row, end, result

    async def killed(self, kill: Kill, expected: str) -> Row:
        """The transfer with its worker killed once, and finished by another."""
        for _ in range(TRIES):
            row, hit = Row(kill.title), False
            with row.noting_errors():
                async with self._slots, self._run(self._settings, self._client) as run:
                    hit = await self._killed(kill, run, row, expected)
            if hit:
                return row
        row.need(False, f"in {TRIES} tries the kill never came at this boundary")
        return row

    async def _killed(self, kill: Kill, run: Run, row: Row, expected: str) -> bool:
        fault = run.gateway.add_fault(kill.fault).id if kill.fault else None
        worker = await run.worker(kill.activities, kill.limits)
        await run.start(START_DELAY if kill.start_delay else None)
        async with asyncio.timeout(WAIT):
            await run.until(kill, fault)
        worker.kill()
        died = time.monotonic()
        death = await run.moment()
        row.killed_at, row.events = death.where, death.count
        await run.worker(kill.activities)
        result = await run.result()
        row.seconds = time.monotonic() - died
        row.need(worker.returncode == -signal.SIGKILL, f"the worker ended with {worker.returncode}")
        await _judge(row, run, death, await run.moment(), (result, expected), kill.balances)
        return kill.is_where(death)

    async def server_killed(self, expected: str) -> Row:
        """The transfer while the Temporal server is killed and started again on its file; the worker lives on.

        The server dies while the bank holds the deposit; the money moves while there is no server to tell.
        """
        row = Row("the server killed, the worker not")
        with row.noting_errors():
            async with self._slots, _own_services(self._settings) as settings:
                client = await Client.connect(settings.temporal_address)
                async with self._run(settings, client) as run:
                    await self._server_killed(settings, run, row, expected)
        return row

    async def _server_killed(self, settings: Settings, run: Run, row: Row, expected: str) -> None:
        held = run.gateway.add_fault(FaultSpec(route="bank", kind="delay", after=1, calls=1))
        worker = await run.worker(WITH_KEYS)
        await run.start()
        await run.gateway.wait_for_hits(held.id, timeout=WAIT)
        death = await run.moment()
        row.killed_at, row.events = death.where, death.count
        await _kill_server(settings)
        died = time.monotonic()
        run.gateway.clear_fault(held.id)
        await _until(partial(run.has_moved, 2))
        report = await asyncio.to_thread(services.up, settings)
        row.need(report.started == ["temporal"], f"started again: {report.started}")
        result = await run.result()
        row.seconds = time.monotonic() - died
        row.need(worker.running, "the worker did not live on")
        await _judge(row, run, death, await run.moment(), (result, expected), MOVED)

    async def __aenter__(self) -> Proof:
        self._client = await Client.connect(self._settings.temporal_address)
        self._folder = self._open.enter_context(workplace("transfer"))
        return self

    async def __aexit__(self, *_: object) -> None:
        self._open.close()

    @asynccontextmanager
    async def _run(self, settings: Settings, client: Client) -> AsyncIterator[Run]:
        run = Run(settings, self._folder, client)
        try:
            await run.open_bank()
            yield run
        finally:
            await run.close()


def after_effect(names: Sequence[str], activity: str, *, keys: bool = True) -> Kill:
    """The kill between an activity's effect and its completion.

    Args:
        names: The events of an undisturbed run.
        activity: ``withdraw`` or ``deposit``.
        keys: Whether the activities send idempotency keys.
    """
    after = list(_REQUESTS).index(activity)
    fault = FaultSpec(route="bank", kind="delay", after=after, calls=1, when="after")
    title = f"{activity} done, not reported" + ("" if keys else "; WITHOUT keys")
    doubled = {"alice": 40, "bob": 30} if activity == "withdraw" else {"alice": 70, "bob": 60}
    return Kill(
        title,
        names=names[: [i for i, name in enumerate(names) if name == "ActivityTaskStarted"][after]],
        held=True,
        fault=fault,
        activities=WITH_KEYS if keys else WITHOUT_KEYS,
        balances=MOVED if keys else doubled,
    )


def at_time(seconds: float) -> Kill:
    """The kill so long after the start, wherever the transfer is then; each call to the slow bank takes 0.3 s."""
    slow = FaultSpec(route="bank", kind="delay", delay=SLOW_BANK)
    return Kill(f"after {seconds:g} s", fault=slow, after=seconds)


async def prove(
    settings: Settings, boundaries: Iterable[int] | None = None, times: Iterable[float] = ()
) -> list[Row]:
    """Run everything, and return a row for each run.

    Args:
        settings: Where the gateway and the Temporal server are; both must run.
        boundaries: Only these boundaries, and none of the other kills; all and everything unless given.
        times: Kills by the clock besides, in seconds from the start.
    """
    warm()
    async with Proof(settings) as proof:
        first, names, result = await proof.undisturbed()
        if not first.ok:
            return [first]
        wanted = set(EVERY_BOUNDARY if boundaries is None else boundaries)
        places = every_place(names, _ROUTES)
        kills = [Kill(**vars(place)) for place in places if wanted.intersection(place.numbers)]
        if boundaries is None:
            kills += [after_effect(names, "withdraw"), after_effect(names, "deposit")]
            kills += [after_effect(names, "deposit", keys=False)]
        kills += [at_time(seconds) for seconds in times]
        async with asyncio.TaskGroup() as group:
            # The longest begins first.
            server = [] if boundaries is not None else [group.create_task(proof.server_killed(result))]
            killed = [group.create_task(proof.killed(kill, result)) for kill in kills]
        return [first, *(task.result() for task in killed + server)]


async def _judge(
    row: Row,
    run: Run,
    death: Seen | None,
    end: Seen,
    told: tuple[str, str],
    balances: dict[str, int],
) -> None:
    """Fill in what came of a run, and note what does not hold.

    Args:
        row: Is filled in.
        run: The run, which is over.
        death: What there was at the kill.
        end: What there is now.
        told: The result, and what it must be.
        balances: What the accounts must hold.
    """
    ledger = await run.ledger()
    moved = Counter[str](entry.kind for entry in _movements(ledger))
    row.result, expected = told
    row.ledger = f"{_verdict(ledger)}: {_counted(moved, 'withdrawal')}, {_counted(moved, 'deposit')}"
    row.attempts = " + ".join(map(str, end.attempts))
    row.need(row.result == expected, f"the result is {row.result!r}, not {expected!r}")
    row.need(ledger.accounts == balances, f"the accounts hold {ledger.accounts}, not {balances}")
    due = {"withdrawal": OPENED["alice"] - balances["alice"], "deposit": balances["bob"] - OPENED["bob"]}
    row.need(
        all(moved[kind] * AMOUNT == money for kind, money in due.items()),
        f"the bank's ledger has {dict(moved)}",
    )
    row.need(end.scheduled == list(_REQUESTS), f"the activities asked for were {end.scheduled}")
    row.need(event_name(end.events[-1]) == "WorkflowExecutionCompleted", "the history has no end")
    if death is not None:
        row.need(end.events[: len(death.events)] == death.events, "the history was rewritten")
        row.repeated = sum(
            max(end.requests[one] - death.requests[one], end.started[one] - death.started[one])
            for one in death.completed
        )
        row.need(row.repeated == 0, f"activities that had completed ran again {row.repeated} times")


@asynccontextmanager
async def _own_services(settings: Settings) -> AsyncIterator[Settings]:
    """A Temporal server and a gateway that one run may kill, with a state directory of their own."""
    folder = Path(tempfile.mkdtemp(prefix="workshop-prove-"))
    own = settings.model_copy(
        update={
            "state_dir": folder,
            "gateway_port": ports.free_port(),
            "ui_port": ports.free_port(),
            "temporal_address": f"{LOOPBACK}:{ports.free_port()}",
        }
    )
    try:
        await asyncio.to_thread(services.up, own)
        yield own
    finally:
        await asyncio.to_thread(services.down, own)
        shutil.rmtree(folder, ignore_errors=True)


async def _kill_server(settings: Settings) -> None:
    record = read_records(settings)["temporal"]
    os.killpg(record.pid, signal.SIGKILL)

    async def is_gone() -> bool:
        return record.process() is None and services.status(settings)["temporal"] is False

    await _until(is_gone)


async def _until(happened: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(WAIT):
        while not await happened():  # noqa: ASYNC110 - neither a bank nor a dead server tells of itself
            await asyncio.sleep(0.02)


def _movements(ledger: Ledger) -> list[Entry]:
    return [entry for entry in ledger.entries if entry.kind != "opened"]


def _verdict(ledger: Ledger) -> str:
    if ledger.missing:
        return f"{ledger.missing} missing" if ledger.missing > 0 else f"{-ledger.missing} too much"
    return "balances"


def _counted(moved: Counter[str], kind: str) -> str:
    return f"{moved[kind]} {kind}{'' if moved[kind] == 1 else 's'}"
