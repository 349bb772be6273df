"""The runs with several agents and with people that lose their workers, and how what comes of them is judged."""

from __future__ import annotations

import asyncio
import signal
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from temporalio.api.enums.v1 import PendingActivityState
from temporalio.client import Client, WorkflowUpdateFailedError
from temporalio.service import RPCError

from workshop.lab.gateway_client import Route
from workshop.lab.processes import Process
from workshop.settings import Settings

from . import rows
from .agents import ROUTES, calls_of
from .boundaries import Boundary
from .moments import Moment, moment, rewritten
from .scoped import ScopedRun

WAIT = 60.0
"""Seconds that anything here may take; the longest is a payment's second attempt, after its 15 s timeout."""

TASK_TIMEOUT = timedelta(seconds=3)  # less to wait for a worker that died with a workflow task

SERVICES: dict[str, Route] = {**ROUTES, "search_library": "library", "read_bulletin": "weather"}
"""The service that each activity calls once an attempt; a payment calls the bank, whose ledger says what came of it."""

OPENED = {"Fund": 100, "Bob": 0}
_STARTED = PendingActivityState.PENDING_ACTIVITY_STATE_STARTED


@dataclass(frozen=True)
class Person:
    """Whom a run asks, and who then sends the same answer twice.

    Attributes:
        query: Tells what is asked; nothing, as long as nothing is.
        update: Takes the answer.
        answer: The answer.
    """

    query: str
    update: str
    answer: bool | str


@dataclass(frozen=True)
class Story:
    """A run of a lesson, as its worker is started and as it is asked.

    Attributes:
        name: What the table calls it.
        worker: The module of the lesson's worker.
        queue: How the lesson's queue begins; the scope and the module follow.
        module: The workflow's module.
        workflow: The workflow's name.
        question: What it is asked.
        person: Who is asked; None if nobody is.
        paid: What must be paid in the end; None if it is not about money.
        turns_at: An event right before and right after which even a sample of the kills has one; None for no such.
    """

    name: str
    worker: str
    queue: str
    module: str
    workflow: str
    question: Any
    person: Person | None = None
    paid: int | None = None
    turns_at: str | None = None


_RESEARCH = ("my.micro_agents.worker", "micro-agents", "research", "Research")
RESEARCH = Story("research", *_RESEARCH, "How do lighthouses help ships at night?")
ASKED_BACK = Story(
    "research, asked back",
    *_RESEARCH,
    "Write about water",
    Person("open_question", "clarify", "How rivers flood, and what dams do"),
)
_PEOPLE = ("my.people.worker_for", "people")
_YES = Person("pending", "decide", True)
_NO = Person("pending", "decide", False)
NATIVE_YES = Story("native, approved", *_PEOPLE, "native", "ReliefAgent", "Pay 40 to Bob.", _YES, 40)
NATIVE_NO = Story("native, rejected", *_PEOPLE, "native", "ReliefAgent", "Pay 40 to Bob.", _NO, 0)
SDK_YES = Story("SDK, approved", *_PEOPLE, "sdk", "SdkReliefAgent", "Pay 40 to Bob.", _YES, 40)
SDK_NO = Story("SDK, rejected", *_PEOPLE, "sdk", "SdkReliefAgent", "Pay 40 to Bob.", _NO, 0)
# Three checks, two a run: six model calls, and a continue-as-new after the fourth.
WATCH = Story(
    "watch",
    "my.watch.worker_for",
    "watch",
    "endless",
    "EndlessWatch",
    {"goal": 3, "every": 2},
    turns_at="WorkflowExecutionContinuedAsNew",
)
OF_ONE_RUN = (RESEARCH, ASKED_BACK, NATIVE_YES, NATIVE_NO, SDK_YES, SDK_NO)
STORIES = (*OF_ONE_RUN, WATCH)

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
        answers: How many of the person's two answers counted.
        seconds: From the first kill to the end.
    """

    story: str
    killed_at: list[str] = field(default_factory=list)
    paid_calls: int = 0
    again: int = 0
    repeated: int = 0
    ledger: str = ""
    answers: str = ""
    seconds: float = 0.0


@dataclass(frozen=True)
class Stop:
    """What there was when all workers stood still and one was killed.

    Attributes:
        moment: What there was.
        in_flight: The activities of which the killed one had an attempt under way.
        where: The last event, by number and name.
    """

    moment: Moment
    in_flight: list[str]
    where: str


class Run(ScopedRun):
    """One run of a story; its workers take what there is, or, if gated, what they are told."""

    def __init__(
        self, settings: Settings, folder: Path, client: Client, story: Story, gated: bool = False
    ) -> None:
        super().__init__(settings, folder, OPENED, WAIT)
        self._client = client
        self._story = story
        self._script = "gated_worker.py" if gated else "free_worker.py"

    async def add_worker(self) -> Process:
        """Start the lesson's worker; it looks for work when this returns."""
        worker = self.begin_worker()
        await worker.wait_for("ready", WAIT)
        return worker

    def begin_worker(self) -> Process:
        """Start the lesson's worker, without waiting: a run goes on meanwhile, if another works."""
        return self.begin_process(self._script, self._story.worker, self._story.module, self._story.workflow)

    async def start(self, *arguments: Any) -> None:
        self.handle = await self._client.start_workflow(
            self._story.workflow,
            args=arguments,
            id=self.scope,
            task_queue=f"{self._story.queue}-{self.scope}-{self._story.module}",
            task_timeout=TASK_TIMEOUT,
        )

    async def moment(self) -> Moment:
        """Read what there is now."""
        return await moment(self.handle)

    async def asked(self, person: Person) -> list[Any]:
        """Wait until a person is asked, and return the answer's arguments; asks again if no worker is there to say."""
        async with asyncio.timeout(WAIT):
            while True:
                try:
                    if question := await self.handle.query(person.query):
                        calls = [one["call_id"] for one in question] if isinstance(question, list) else []
                        return [*calls[:1], person.answer]
                except RPCError:
                    pass  # who was asked has been killed
                await asyncio.sleep(0.05)

    async def answer(self, person: Person, arguments: Sequence[Any]) -> bool:
        """Send a person's answer; whether it counted."""
        try:
            await asyncio.wait_for(self.handle.execute_update(person.update, args=arguments), WAIT)
        except WorkflowUpdateFailedError:
            return False
        except RPCError:
            return False  # the run is over
        return True

    async def answer_twice(self, person: Person) -> list[bool]:
        """What an impatient person does: the same answer twice, at once; whether each counted."""
        arguments = await self.asked(person)
        return list(await asyncio.gather(*[self.answer(person, arguments) for _ in range(2)]))

    async def kill(self, victim: Process) -> list[str]:
        """Kill a worker while it stands still, and return the activities of which it had an attempt under way.

        Raises:
            RuntimeError: it has ended otherwise.
        """
        pending = (await self.handle.describe()).raw_description.pending_activities
        in_flight = [
            one.activity_type.name
            for one in pending
            if one.state == _STARTED and is_of(victim, one.last_worker_identity)
        ]
        await asyncio.to_thread(victim.kill)
        if victim.returncode != -signal.SIGKILL:
            raise RuntimeError(f"the worker ended with {victim.returncode}")
        return in_flight


def is_of(worker: Process, identity: str) -> bool:
    """Whether Temporal calls a worker of this process so."""
    return identity.partition("@")[0] == str(worker.pid)


@dataclass(frozen=True)
class Whole:
    """What came of a story when nothing happened.

    Attributes:
        result: Its result.
        end: What its history holds in the end.
        calls: How many calls reached each service.
        places: Where it can be killed, if its workers took one task after the other.
    """

    result: Any
    end: Moment
    calls: Counter[str]
    places: Sequence[Boundary] = ()


def judge(row: Row, run: Run, whole: Whole, stops: Sequence[Stop], end: Moment, result: Any) -> bool:
    """Note what does not hold; whether a living worker has missed a timeout, so that the run says nothing."""
    meter = run.gateway.meter()
    row.need(result == whole.result, f"the result is {result!r}, not {whole.result!r}")
    row.need(Counter(end.scheduled) == Counter(whole.end.scheduled), f"the activities were {end.scheduled}")
    for stop in stops:
        how = rewritten(stop.moment.written, end.events)
        row.need(not how, how)
    in_flight = Counter[str](SERVICES[one] for stop in stops for one in stop.in_flight if one in SERVICES)
    made = calls_of(meter)
    made.subtract(whole.calls)
    if any("pay_relief" in stop.in_flight for stop in stops):
        del made["bank"]  # a payment is two calls, and may have stopped between them: the ledger judges it
    row.again = sum(len(stop.in_flight) for stop in stops)
    row.paid_calls = meter.model.completed
    row.repeated = sum(max(0, extra - in_flight[route]) for route, extra in made.items())
    row.need(row.repeated == 0, f"{row.repeated} calls were made again that had been completed: {dict(made)}")
    row.need(min(made.values()) >= 0, f"calls are missing: {dict(made)}")
    return len(end.timed_out) > row.again


async def judge_money(row: Row, run: Run, story: Story) -> None:
    """Note what does not hold of the money."""
    if story.paid is None:
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


def judge_answers(row: Row, story: Story, answers: Sequence[bool], end: Moment) -> None:
    """Note what does not hold of the answer that a person, if one was asked, has sent twice."""
    asked = story.person is not None
    row.answers = f"{sum(answers)} of {len(answers)}" if asked else ""
    row.need(len(answers) == 2 * asked, f"{len(answers)} answers were sent")
    row.need(sum(answers) == asked, f"{sum(answers)} answers counted")
    accepted = end.names.count("WorkflowExecutionUpdateAccepted")
    row.need(accepted == asked, f"the history has {accepted} answers")
