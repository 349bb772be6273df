"""The two agents that the lessons build on Temporal, their questions, and one question asked in a scope of its own."""

from __future__ import annotations

import asyncio
import json
import secrets
from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from temporalio.client import Client, WorkflowHandle

from workshop.lab import processes
from workshop.lab.gateway_client import GatewayClient, Meter, Route
from workshop.lab.processes import Process
from workshop.settings import Settings

from .moments import Moment, moment
from .rows import Row
from .workplace import workplace

WAIT = 60.0
"""Seconds that anything here may take; the longest is a tool's second attempt, after its 15 s timeout."""

TRIES = 4
"""How often something is tried if the machine is so busy that a timeout interferes."""

ROUTES: dict[str, Route] = {
    "call_model": "model",
    "invoke_model_activity": "model",
    "get_weather_alerts": "weather",
    "get_ip_address": "ip",
    "get_location_info": "geo",
}
"""The service that each activity of the agents calls, once an attempt."""

Limits = Mapping[str, int] | None


@dataclass(frozen=True)
class Agent:
    """An agent that a lesson builds.

    Attributes:
        name: What the table calls it.
        folder: The lesson's own folder below ``my/``.
        worker: The module of its worker.
        workflow: The name of its workflow.
        argument: From a question to the workflow's argument.
        tells_model: Whether a tool that has failed for good is the model's to deal with; else it ends the run.
    """

    name: str
    folder: str
    worker: str
    workflow: str
    argument: Callable[[str], object]
    tells_model: bool


NATIVE = Agent(
    "native loop",
    "native_agent",
    "my.native_agent.worker",
    "AgentWorkflow",
    lambda text: {"text": text},
    tells_model=True,
)
SDK = Agent("Agents SDK", "sdk_agent", "my.sdk_agent.worker", "WeatherAgent", str, tells_model=False)
AGENTS = (NATIVE, SDK)


@dataclass(frozen=True)
class Question:
    """A question of the lessons, what the table calls it, and how many events an answer takes."""

    text: str
    name: str
    events: int


CALIFORNIA = Question("Are there any weather alerts in California?", "in California", 23)
WHERE_I_AM = Question("Are there any weather alerts where I am?", "where I am", 47)
RIVER = Question("What does the river dream of?", "the river", 11)
QUESTIONS = (CALIFORNIA, WHERE_I_AM, RIVER)


@dataclass(frozen=True)
class Whole:
    """A question's answer when nothing happened: what every other run of it is measured by."""

    question: Question
    answer: str
    end: Moment
    meter: Meter

    @property
    def routes(self) -> list[Route]:
        """The services that it called, in that order."""
        return [ROUTES[activity] for activity in self.end.scheduled]


class Run:
    """One question to an agent. Its scope at the gateway is also the id of its workflow, and of its task queue."""

    def __init__(self, lab: Lab, agent: Agent, question: Question) -> None:
        self.scope = f"prove-{secrets.token_hex(6)}"
        self.gateway = GatewayClient.for_scope(self.scope, lab.settings)
        self.handle: WorkflowHandle[object, str]
        self._lab = lab
        self._agent = agent
        self._question = question

    async def start(self, queue: str | None = None, delay: timedelta | None = None) -> None:
        """Ask, of the workers of ``queue``; of a queue of its own unless given."""
        self.handle = await self._lab.client.start_workflow(
            self._agent.workflow,
            self._agent.argument(self._question.text),
            id=self.scope,
            task_queue=queue or self.scope,
            start_delay=delay,
            result_type=str,
        )

    async def answer(self) -> str:
        """Wait for the answer.

        Raises:
            WorkflowFailureError: the run has failed.
            TimeoutError: there is none; the message says where the run is.
        """
        try:
            return await asyncio.wait_for(self.handle.result(), WAIT)
        except TimeoutError:
            now = await moment(self.handle)
            raise TimeoutError(f"no answer in {WAIT:g} s; the last event is {now.where}") from None

    async def moment(self) -> Moment:
        """Read what there is now."""
        return await moment(self.handle)


class Lab:
    """Asks the agents beside one Temporal server and one gateway.

    Args:
        settings: Where those are; both must run.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.client: Client
        self._folder: Path
        self._open = AsyncExitStack()

    async def __aenter__(self) -> Lab:
        self.client = await Client.connect(self.settings.temporal_address)
        self._folder = self._open.enter_context(workplace(*(agent.folder for agent in AGENTS)))
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._open.aclose()

    @asynccontextmanager
    async def run(self, agent: Agent, question: Question) -> AsyncIterator[Run]:
        """A run, not started yet; its scope is forgotten in the end."""
        run = Run(self, agent, question)
        try:
            yield run
        finally:
            run.gateway.forget_scope()
            run.gateway.close()

    @asynccontextmanager
    async def worker(self, agent: Agent, queues: Mapping[str, Limits]) -> AsyncIterator[Process]:
        """A process with the agent's worker for each of these task queues, with these limits; killed in the end."""
        scope = f"prove-worker-{secrets.token_hex(4)}"
        worker = processes.process(
            self._folder / "agent_worker.py",
            agent.worker,
            json.dumps(dict(queues)),
            name=scope,
            env=self.settings.client_environment(scope),
        )
        try:
            await worker.wait_for("all of them work", WAIT)
            yield worker
        finally:
            await asyncio.to_thread(worker.kill)
            with GatewayClient.for_scope(scope, self.settings) as gateway:
                gateway.forget_scope()

    async def undisturbed(self, agent: Agent, question: Question, queue: str) -> tuple[Row, Whole | None]:
        """Ask while nothing happens; again if the machine was too busy for that."""
        for _ in range(TRIES):
            row, whole = await self._undisturbed(agent, question, queue)
            if whole is None or not whole.end.too_slow:
                break
        else:
            row.need(False, f"{TRIES} times the machine was too slow to let it run undisturbed")
        return row, whole if row.ok else None

    async def _undisturbed(self, agent: Agent, question: Question, queue: str) -> tuple[Row, Whole | None]:
        row = Row(f"{agent.name}, {question.name}: nothing happens to it")
        whole = None
        with row.noting_errors():
            async with self.run(agent, question) as run:
                await run.start(queue)
                whole = Whole(question, await run.answer(), await run.moment(), run.gateway.meter())
            count = len(whole.end.events)
            row.need(count == question.events, f"it has {count} events, not {question.events}")
            calls = Counter[str](whole.routes)
            row.need(whole.meter.model.completed == calls["model"], f"the meter says {whole.meter.model}")
            row.need(whole.meter.model.repeats == 0, "a call was paid for twice")
            row.need(set(whole.end.attempts) == {1}, f"the attempts were {whole.end.attempts}")
        return row, whole


def calls_of(meter: Meter) -> Counter[str]:
    """How many calls have reached each service, answered or not."""
    return Counter({"model": meter.model.arrived, **meter.services})
