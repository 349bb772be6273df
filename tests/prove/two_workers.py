"""Kills both of two workers in turn: the research run of lesson 5 and the approvals of lesson 6.

Two processes work on one queue. When the history has so many events, both are stopped (SIGSTOP), and what the history
holds then is read: nothing can go on meanwhile, so that this is the boundary, whatever event it is. (In the research
run activities are side by side, and their order differs from run to run.) Then the one that has the run in memory gets
SIGKILL, a third process starts, and at a later boundary the other of the first two is killed in the same way.
"""

from __future__ import annotations

import asyncio
import os
import secrets
import signal
import time
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx2
from pydantic import TypeAdapter
from temporalio.api.enums.v1 import PendingActivityState
from temporalio.client import Client, WorkflowHandle, WorkflowUpdateFailedError
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.service import RPCError

from workshop.lab import processes
from workshop.lab.gateway_client import NO_CERTIFICATES, FaultSpec, GatewayClient, Route
from workshop.lab.processes import Process
from workshop.runs.events import attributes, event_name
from workshop.settings import Settings
from workshop.tools.bank import Ledger

from . import rows
from .agents import ROUTES, calls_of
from .moments import Moment, moment
from .workplace import workplace

WAIT = 60.0
"""Seconds that anything here may take; the longest is a payment's second attempt, after its 15 s timeout."""

AT_ONCE = 8
"""Runs at the same time: most of them wait for a timeout."""

SAMPLE = 60
"""Boundaries of one history that are tried, at most; if it has more of them, evenly many are left out."""

TRIES = 3
"""How often a run is tried if the machine is so busy that a living worker misses a timeout."""

TASK_TIMEOUT = timedelta(seconds=3)  # less to wait for a worker that died with a workflow task

SLOW = 0.1  # seconds that each call takes, so that both workers have calls of their own under way

SERVICES: dict[str, Route] = {**ROUTES, "search_library": "library"}
"""The service that each activity calls once an attempt; a payment calls the bank, whose ledger says what came of it."""

OPENED = {"Fund": 100, "Bob": 0}
_STARTED = PendingActivityState.PENDING_ACTIVITY_STATE_STARTED


@dataclass(frozen=True)
class Story:
    """A run of a lesson, as its worker is started and as it is asked.

    Attributes:
        name: What the table calls it.
        worker: The file of the lesson's worker.
        queue: How the lesson's queue begins; the scope and the module follow.
        module: The workflow's module.
        workflow: The workflow's name.
        question: What it is asked.
        approve: What the person says, by pressing the button twice; None if nobody is asked.
        paid: What must be paid in the end.
    """

    name: str
    worker: str
    queue: str
    module: str
    workflow: str
    question: str
    approve: bool | None = None
    paid: int = 0


_PEOPLE = ("my/people/worker_for.py", "people")
RESEARCH = Story(
    "research",
    "my/micro_agents/worker.py",
    "micro-agents",
    "research",
    "Research",
    "How do lighthouses help ships at night?",
)
NATIVE_YES = Story("native, approved", *_PEOPLE, "native", "ReliefAgent", "Pay 40 to Bob.", True, 40)
NATIVE_NO = Story("native, rejected", *_PEOPLE, "native", "ReliefAgent", "Pay 40 to Bob.", False)
SDK_YES = Story("SDK, approved", *_PEOPLE, "sdk", "SdkReliefAgent", "Pay 40 to Bob.", True, 40)
SDK_NO = Story("SDK, rejected", *_PEOPLE, "sdk", "SdkReliefAgent", "Pay 40 to Bob.", False)
STORIES = (RESEARCH, NATIVE_YES, NATIVE_NO, SDK_YES, SDK_NO)

CHAT = Story("chat", *_PEOPLE, "chat", "Chat", "")


@dataclass
class Row(rows.Row):
    """One run and what came of it.

    Attributes:
        story: Which run.
        killed_at: The last event when each worker was killed; none if the run was over before the second kill.
        paid_calls: Model calls that the service completed.
        again: Calls that were in flight in the killed worker, and may have been made again.
        repeated: Calls beyond those, so made again although they had been completed.
        ledger: What became of the money.
        presses: How many of the two presses of the button were taken.
        seconds: From the first kill to the end.
    """

    story: str
    killed_at: list[str] = field(default_factory=list)
    paid_calls: int = 0
    again: int = 0
    repeated: int = 0
    ledger: str = ""
    presses: str = ""
    seconds: float = 0.0


@dataclass(frozen=True)
class Stop:
    """What there was when both workers stood still and one was killed."""

    moment: Moment
    in_flight: list[str]


class Run:
    """One run in a scope of its own, and its workers."""

    def __init__(self, settings: Settings, folder: Path, client: Client, story: Story) -> None:
        self.scope = f"prove-{secrets.token_hex(6)}"
        self.gateway = GatewayClient.for_scope(self.scope, settings)
        self.handle: WorkflowHandle[Any, Any]
        self.workers: list[Process] = []
        self._settings = settings
        self._folder = folder
        self._client = client
        self._story = story
        self._bank = httpx2.AsyncClient(
            base_url=f"{settings.scope_url(self.scope)}/bank", trust_env=False, verify=NO_CERTIFICATES
        )

    async def open_bank(self) -> None:
        for name, balance in OPENED.items():
            (await self._bank.put(f"/accounts/{name}", json={"balance": balance})).raise_for_status()

    async def ledger(self) -> Ledger:
        reply = await self._bank.get("/ledger")
        return TypeAdapter(Ledger).validate_python(reply.raise_for_status().json())

    async def add_worker(self) -> Process:
        """Start the lesson's worker as it is; it looks for work when this returns."""
        worker = self.begin_worker()
        await worker.wait_for("ready", WAIT)
        return worker

    def begin_worker(self) -> Process:
        """Start the lesson's worker, without waiting: a run goes on meanwhile, if another works."""
        worker = processes.process(
            self._folder / self._story.worker,
            self._story.module,
            self._story.workflow,
            name=f"{self.scope}-{len(self.workers) + 1}",
            env={**self._settings.client_environment(self.scope), "PYTHONPATH": str(self._folder)},
        )
        self.workers.append(worker)
        return worker

    async def start(self, *arguments: str) -> None:
        self.handle = await self._client.start_workflow(
            self._story.workflow,
            args=arguments,
            id=self.scope,
            task_queue=f"{self._story.queue}-{self.scope}-{self._story.module}",
            task_timeout=TASK_TIMEOUT,
        )

    async def result(self) -> Any:
        """Wait for the result.

        Raises:
            WorkflowFailureError: the run has failed.
            TimeoutError: there is none; the message ends with what the latest worker printed last.
        """
        try:
            return await asyncio.wait_for(self.handle.result(), WAIT)
        except TimeoutError:
            said = self.workers[-1].last_lines(3)
            raise TimeoutError(f"no result in {WAIT:g} s; the worker's last lines: {said}") from None

    async def moment(self) -> Moment:
        """Read what there is now."""
        return await moment(self.handle)

    async def pending(self) -> str:
        """Wait until a call waits for a decision, and return its id; asks again if no worker is there to say."""
        async with asyncio.timeout(WAIT):
            while True:
                try:
                    if waiting := await self.handle.query("pending"):
                        return str(waiting[0]["call_id"])
                except RPCError:
                    pass  # who was asked has been killed
                await asyncio.sleep(0.05)

    async def press(self, call_id: str, approved: bool) -> bool:
        """Press a button of the approval; whether that counted."""
        try:
            await asyncio.wait_for(self.handle.execute_update("decide", args=[call_id, approved]), WAIT)
        except WorkflowUpdateFailedError:
            return False
        except RPCError:
            return False  # the run is over
        return True

    async def press_twice(self, approved: bool) -> list[bool]:
        """What an impatient person does."""
        call_id = await self.pending()
        return list(await asyncio.gather(*[self.press(call_id, approved) for _ in range(2)]))

    async def kill_one(self, events: int, spared: Sequence[Process] = ()) -> Stop | None:
        """Stop all workers when there are so many events, read what there is, and kill one; None if the run is over.

        Args:
            events: How many events at least.
            spared: Who must live on. Of the others, it hits the one that has the run in memory.
        """
        async for event in self.handle.fetch_history_events(wait_new_event=True):
            if event.event_id >= events:
                break
        living = [worker for worker in self.workers if worker.running]
        for worker in living:
            os.kill(worker.pid, signal.SIGSTOP)
        seen = await self._settled()
        if event_name(seen.events[-1]) == "WorkflowExecutionCompleted":
            self._go_on(living)
            return None
        identities = [
            attributes(event).identity for event in seen.events if event_name(event) == "WorkflowTaskStarted"
        ]
        mortal = [worker for worker in living if worker not in spared]
        victim = next((one for one in mortal if identities and _is(one, identities[-1])), mortal[0])
        pending = (await self.handle.describe()).raw_description.pending_activities
        in_flight = [
            one.activity_type.name
            for one in pending
            if one.state == _STARTED and _is(victim, one.last_worker_identity)
        ]
        await asyncio.to_thread(victim.kill)
        self._go_on([worker for worker in living if worker is not victim])
        if victim.returncode != -signal.SIGKILL:
            raise RuntimeError(f"the worker ended with {victim.returncode}")
        return Stop(seen, in_flight)

    async def _settled(self) -> Moment:
        """Read what there is, when what the workers had sent before they were stopped has arrived."""
        seen = await moment(self.handle)
        while (now := await moment(self.handle)) != seen:
            seen = now
        return seen

    @staticmethod
    def _go_on(workers: Sequence[Process]) -> None:
        for worker in workers:
            os.kill(worker.pid, signal.SIGCONT)

    async def close(self) -> None:
        for worker in self.workers:
            await asyncio.to_thread(worker.kill)
        await self._bank.aclose()
        self.gateway.forget_scope()
        self.gateway.close()


def _is(worker: Process, identity: str) -> bool:
    return identity.partition("@")[0] == str(worker.pid)


@dataclass(frozen=True)
class Whole:
    """What came of a story when nothing happened."""

    result: Any
    end: Moment
    calls: Counter[str]
    completed: int


@dataclass
class Proven:
    """What came of one story: a row for each run."""

    story: str
    events: int = 0
    rows: list[Row] = field(default_factory=list)


class Proof:
    """Tells the stories beside one Temporal server and one gateway.

    Args:
        settings: Where those are; both must run.
        at_once: How many runs at the same time.
    """

    def __init__(self, settings: Settings, at_once: int) -> None:
        self._settings = settings
        self._slots = asyncio.Semaphore(at_once)
        self._client: Client
        self._folder: Path

    @asynccontextmanager
    async def open(self) -> AsyncIterator[Proof]:
        self._client = await Client.connect(
            self._settings.temporal_address, data_converter=pydantic_data_converter
        )
        with workplace(3, 5, 6) as self._folder:
            yield self

    @asynccontextmanager
    async def run(self, story: Story) -> AsyncIterator[Run]:
        run = Run(self._settings, self._folder, self._client, story)
        try:
            await run.open_bank()
            yield run
        finally:
            await run.close()

    async def prove(self, story: Story, every: int) -> Proven:
        """The story undisturbed, and with two kills at each (``every``-th) boundary."""
        proven = Proven(story.name)
        first = Row(f"{story.name}: nothing happens to it", story.name)
        proven.rows.append(first)
        whole = None
        with first.noting_errors():
            async with self._slots:
                whole = await self._undisturbed(story, first)
        if whole is None or not first.ok:
            return proven
        proven.events = len(whole.end.events)
        step = every * -(-(proven.events - 1) // SAMPLE)
        places = range(1 + (STORIES.index(story) % step), proven.events, step)
        proven.rows += await asyncio.gather(*[self._killed(story, whole, place) for place in places])
        return proven

    async def _undisturbed(self, story: Story, row: Row) -> Whole:
        async with self.run(story) as run:
            run.gateway.add_fault(FaultSpec(route="any", kind="delay", delay=SLOW))
            await asyncio.gather(run.add_worker(), run.add_worker())
            await run.start(story.question)
            presses = await run.press_twice(story.approve) if story.approve is not None else []
            result, end, meter = await run.result(), await run.moment(), run.gateway.meter()
            row.paid_calls = meter.model.completed
            await _judge_money(row, run, story, presses, end)
            row.need(set(end.attempts) == {1}, f"the attempts were {end.attempts}")
            return Whole(result, end, calls_of(meter), meter.model.completed)

    async def _killed(self, story: Story, whole: Whole, place: int) -> Row:
        for _ in range(TRIES):
            row = Row(f"{story.name}, after {place}", story.name)
            starved = False
            with row.noting_errors():
                async with self._slots, self.run(story) as run:
                    starved = await self._kill_both(story, whole, place, run, row)
            if not starved:
                break
        return row

    async def _kill_both(self, story: Story, whole: Whole, place: int, run: Run, row: Row) -> bool:
        run.gateway.add_fault(FaultSpec(route="any", kind="delay", delay=SLOW))
        first_two = await asyncio.gather(run.add_worker(), run.add_worker())
        person = None
        await run.start(story.question)
        if story.approve is not None:
            person = asyncio.create_task(run.press_twice(story.approve))
        try:
            stops = [await run.kill_one(place)]
            died = time.monotonic()
            if stops[0] is not None:
                third = run.begin_worker()
                later = len(stops[0].moment.events) + max(1, (len(whole.end.events) - place) // 2)
                stops.append(await run.kill_one(later, spared=[third]))
            result = await run.result()
            presses = await asyncio.wait_for(person, WAIT) if person else []
        finally:
            if person:
                person.cancel()
        row.seconds = time.monotonic() - died
        end = await run.moment()
        found = [stop for stop in stops if stop is not None]
        row.killed_at = [stop.moment.where for stop in found]
        row.need(len(found) < 2 or not any(one.running for one in first_two), "one of the two was not killed")
        await _judge_money(row, run, story, presses, end)
        return _judge(row, run, whole, found, end, result)


def _judge(row: Row, run: Run, whole: Whole, stops: Sequence[Stop], end: Moment, result: Any) -> bool:
    """Note what does not hold; whether a living worker has missed a timeout, so that the run says nothing."""
    meter = run.gateway.meter()
    row.need(result == whole.result, f"the result is {result!r}, not {whole.result!r}")
    row.need(Counter(end.scheduled) == Counter(whole.end.scheduled), f"the activities were {end.scheduled}")
    for stop in stops:
        kept = stop.moment.written
        row.need(end.events[: len(kept)] == kept, "the history was rewritten")
    in_flight = Counter(SERVICES[one] for stop in stops for one in stop.in_flight if one in SERVICES)
    made = calls_of(meter)
    made.subtract(whole.calls)
    if any(stop.in_flight.count("pay_relief") for stop in stops):
        del made["bank"]  # a payment is two calls, and may have stopped between them: the ledger judges it
    row.again = sum(len(stop.in_flight) for stop in stops)
    row.paid_calls = meter.model.completed
    row.repeated = sum(max(0, extra - in_flight[route]) for route, extra in made.items())
    row.need(row.repeated == 0, f"{row.repeated} calls were made again that had been completed: {dict(made)}")
    row.need(min(made.values()) >= 0, f"calls are missing: {dict(made)}")
    return len(end.timed_out) > row.again


async def _judge_money(row: Row, run: Run, story: Story, presses: Sequence[bool], end: Moment) -> None:
    if story.approve is None:
        return
    ledger = await run.ledger()
    moved = Counter[str](entry.kind for entry in ledger.entries if entry.kind != "opened")
    due = {"withdrawal": 1, "deposit": 1} if story.paid else {}
    row.ledger = (
        "paid once" if moved == {"withdrawal": 1, "deposit": 1} else f"{dict(moved) or 'nothing paid'}"
    )
    row.need(dict(moved) == due, f"the ledger has {dict(moved)}, not {due}")
    accounts = {"Fund": OPENED["Fund"] - story.paid, "Bob": story.paid}
    row.need(ledger.accounts == accounts, f"the accounts hold {ledger.accounts}, not {accounts}")
    row.presses = f"{sum(presses)} of {len(presses)}"
    row.need(sum(presses) == 1, f"{row.presses} presses counted")
    accepted = end.names.count("WorkflowExecutionUpdateAccepted")
    row.need(accepted == 1, f"the history has {accepted} decisions")


async def prove_pressed_again(proof: Proof, story: Story) -> Row:
    """The button is pressed; both workers die with the money moved and not reported; it is pressed again."""
    row = Row(f"{story.name}: pressed, both workers killed, pressed again", story.name)
    with row.noting_errors():
        async with proof.run(story) as run:
            # The deposit is the bank's second call.
            held = run.gateway.add_fault(
                FaultSpec(route="bank", kind="delay", after=1, calls=1, when="after")
            )
            await asyncio.gather(run.add_worker(), run.add_worker())
            await run.start(story.question)
            call_id = await run.pending()
            first = await run.press(call_id, True)
            await run.gateway.wait_for_hits(held.id, timeout=WAIT)
            for worker in run.workers:
                await asyncio.to_thread(worker.kill)
            died = time.monotonic()
            row.killed_at = [(await run.moment()).where]
            again = asyncio.create_task(run.press(call_id, True))
            await run.add_worker()
            presses = [first, await again]
            await run.result()
            row.seconds = time.monotonic() - died
            row.paid_calls = run.gateway.meter().model.completed
            row.need(first, "the first press did not count")
            await _judge_money(row, run, story, presses, await run.moment())
    return row


MESSAGES = [f"Are there any weather alerts in {state}?" for state in ("Texas", "California", "Colorado")]


async def prove_chat(proof: Proof) -> Row:
    """Three messages to a chat whose worker is dead are answered after the restart, in order, once."""
    row = Row("chat: three messages while nobody works", CHAT.name)
    with row.noting_errors():
        async with proof.run(CHAT) as run:
            worker = await run.add_worker()
            await run.start()
            before = await run.handle.execute_update("say", "What does the river dream of?")
            await asyncio.to_thread(worker.kill)
            died = time.monotonic()
            row.killed_at = [(await run.moment()).where]
            sent = []
            for message in MESSAGES:
                sent.append(asyncio.create_task(run.handle.execute_update("say", message)))
                await asyncio.sleep(
                    0.2
                )  # nothing tells that the server has a message which no worker has seen
            row.need(not any(task.done() for task in sent), "a message was answered by nobody")
            await run.add_worker()
            answers = await asyncio.wait_for(asyncio.gather(*sent), WAIT)
            row.seconds = time.monotonic() - died
            said = ["What does the river dream of?", before]
            for message, answer in zip(MESSAGES, answers, strict=True):
                said += [message, answer]
            history = await run.handle.query("history")
            row.need(history == said, f"the chat's history is {history}")
            end, meter = await run.moment(), run.gateway.meter()
            accepted = end.names.count("WorkflowExecutionUpdateAccepted")
            row.need(accepted == 1 + len(MESSAGES), f"{accepted} messages were taken")
            row.paid_calls, row.repeated = meter.model.completed, meter.model.repeats
            row.need(row.repeated == 0, f"{row.repeated} model calls were made again")
            row.need(set(end.attempts) == {1}, f"the attempts were {end.attempts}")
    return row


async def prove_people(
    settings: Settings, every: int = 1, stories: Sequence[Story] = STORIES, at_once: int = AT_ONCE
) -> list[Proven]:
    """Run everything; of each story's boundaries, every ``every``-th."""
    processes.warm()
    async with Proof(settings, at_once).open() as proof:
        extra = Proven("dead workers")
        extra.rows = list(
            await asyncio.gather(
                prove_chat(proof),
                prove_pressed_again(proof, NATIVE_YES),
                prove_pressed_again(proof, SDK_YES),
            )
        )
        return [extra, *await asyncio.gather(*[proof.prove(story, every) for story in stories])]


__all__ = [
    "NATIVE_NO",
    "NATIVE_YES",
    "RESEARCH",
    "SDK_NO",
    "SDK_YES",
    "STORIES",
    "Proven",
    "Row",
    "prove_people",
]
