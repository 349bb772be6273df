"""The trace and the history of the same run, joined: real agents on the plugin, a real worker, really killed."""

from __future__ import annotations

import re
import uuid
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
from temporalio.client import Client, WorkflowHandle

from tests.forks import warm_up
from tests.waiting import until
from workshop import lab
from workshop import view as show
from workshop.lab import processes, session
from workshop.lab.faults import Fault
from workshop.lab.gateway_client import GatewayClient
from workshop.lab.processes import Process
from workshop.settings import Settings

QUESTION = "Are there any weather alerts in California?"

WORKFLOWS = """
from datetime import timedelta
from agents import Agent, Runner, function_tool
from temporalio import activity, workflow
from temporalio.openai_agents.workflow import activity_as_tool
with workflow.unsafe.imports_passed_through():
    from workshop.tools import weather

LIMIT = timedelta(seconds=10)

@activity.defn
async def get_weather_alerts(state: str) -> str:
    "Get the active weather alerts of a US state. state: Two-letter code of the state."
    return await weather.get_weather_alerts(state)

@function_tool
async def get_time() -> str:
    "Get the current date and time."
    return workflow.now().isoformat()

@function_tool
async def get_weather_alerts_carefully(state: str) -> str:
    "Get the active weather alerts of a US state. state: Two-letter code of the state."
    for _ in range(2):
        found = await workflow.execute_activity(get_weather_alerts, state, start_to_close_timeout=LIMIT)
    return found

TOOLS = {
    "activity": activity_as_tool(get_weather_alerts, start_to_close_timeout=LIMIT),
    "time": get_time,
    "careful": get_weather_alerts_carefully,
}

@workflow.defn
class Asks:
    @workflow.run
    async def run(self, question: str, tool: str) -> str:
        agent = Agent(name="Helper", instructions="Use your tools.", tools=[TOOLS[tool]])
        answer = (await Runner.run(agent, question)).final_output
        if tool == "time":
            await workflow.execute_activity(get_weather_alerts, "CA", start_to_close_timeout=LIMIT)
        return answer
"""

WORKER = """
import asyncio, os
from datetime import timedelta
from my.joined.workflows import Asks, get_weather_alerts
from temporalio.client import Client
from temporalio.openai_agents import ModelActivityParameters, OpenAIAgentsPlugin
from temporalio.worker import Worker

async def main() -> None:
    model = ModelActivityParameters(
        start_to_close_timeout=timedelta(seconds=30), heartbeat_timeout=timedelta(seconds=5))
    plugin = OpenAIAgentsPlugin(model_params=model)
    client = await Client.connect(os.environ["TEMPORAL_ADDRESS"], plugins=[plugin])
    worker = Worker(
        client, task_queue=os.environ["WORKSHOP_SCOPE"], workflows=[Asks], activities=[get_weather_alerts],
        sticky_queue_schedule_to_start_timeout=timedelta(seconds=0.5))
    async with worker:
        print("ready", flush=True)
        await asyncio.Event().wait()

asyncio.run(main())
"""


class Place:
    """A notebook's directory with an agent's worker, in a scope of its own."""

    client: Client

    def __init__(self, worker: Process, queue: str) -> None:
        self.worker = worker
        self.queue = queue
        self.warm = 0

    async def enter(self, address: str) -> None:
        self.client = await Client.connect(address)
        if not self.worker.running:
            self.worker.restart()
        if self.warm != self.worker.pid:
            # A worker's first model call loads much; on a busy machine its heartbeat can come too late.
            await lab.result(await self.ask(QUESTION), timeout=60)
            self.warm = self.worker.pid

    async def ask(self, question: str, tool: str = "activity") -> WorkflowHandle[Any, Any]:
        return await self.client.start_workflow(
            "Asks", args=[question, tool], id=f"asks-{uuid.uuid4()}", task_queue=self.queue
        )


@pytest.fixture(scope="module")
def started(services: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    folder, scope = tmp_path_factory.mktemp("joined"), f"joined-{uuid.uuid4().hex[:8]}"
    code = session.make_package(folder / "my", "joined")
    (code / "workflows.py").write_text(WORKFLOWS)
    (code / "worker.py").write_text(WORKER)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        for variable, value in services.client_environment(scope).items():
            patch.setenv(variable, value)
        warm_up()
        yield Place(lab.process("my/joined/worker.py", ready="ready", timeout=60), scope)
        processes.end_all()


@pytest.fixture
async def place(started: Place, services: Settings) -> AsyncIterator[Place]:
    await started.enter(services.temporal_address)
    yield started
    lab.clear_faults()


PLAIN = """\
Asks: the spans of its trace, and the activities that carried them out:
span                           activity               id  events    attempts  worker
run Agent workflow             none: workflow code
  agent Helper                 none: workflow code
    turn 1                     none: workflow code
      model call               invoke_model_activity   1  5 to 7           1       1
      tool get_weather_alerts  get_weather_alerts      2  11 to 13         1       1
    turn 2                     none: workflow code
      model call               invoke_model_activity   3  17 to 19         1       1

7 spans: 3 carried out by activities, 4 by the workflow's own code."""

NAMES = [re.split("  +", line.strip())[0] for line in PLAIN.splitlines()[2:9]]


async def test_each_span_and_the_activity_that_carried_it_out(place: Place) -> None:
    handle = await place.ask(QUESTION)
    await lab.result(handle, timeout=60)
    # At once: the worker's last spans are still on their way.
    assert show.trace().text().startswith("Trace: Agent workflow\n\nrun Agent workflow\n  agent Helper\n")
    found = await show.spans(handle)
    assert found.text() == PLAIN
    for cell in ("invoke_model_activity", "tool get_weather_alerts", "none: workflow code", "5 to 7"):
        assert f">{cell}</td>" in found.html()
    assert '<td style="text-align: left; padding-left: 5em">model call</td>' in found.html()
    tool = found.rows[4]
    assert (tool.span, tool.level) == ("tool get_weather_alerts", 3)
    assert tool.activity is not None
    assert (tool.activity.events, tool.activity.attempts) == ((11, 12, 13), 1)
    assert not re.search(r"span_|trace_|asks-|joined-|\d+@", found.text() + found.html())


async def test_a_tool_in_the_workflow_has_no_activity_and_an_activity_may_have_no_span(place: Place) -> None:
    handle = await place.ask("What time is it?", "time")
    await lab.result(handle, timeout=60)
    rows = {row.span: row for row in (await show.spans(handle)).rows}
    assert rows["tool get_time"].activity is None
    alone = rows["none: not a step of an agent"]
    assert alone.activity is not None
    assert (alone.activity.name, alone.is_span) == ("get_weather_alerts", False)


async def test_a_tool_of_several_activities(place: Place) -> None:
    handle = await place.ask(QUESTION, "careful")
    await lab.result(handle, timeout=60)
    rows = (await show.spans(handle)).rows
    n = [row.span for row in rows].index("tool get_weather_alerts_carefully")
    assert rows[n].activity is None
    inner = [row for row in rows if row.level == rows[n].level + 1]
    assert [row.span for row in inner] == ["temporal:startActivity"] * 2
    assert [row.activity and row.activity.activity_id for row in inner] == ["2", "3"]


async def test_parallel_tools_stand_in_the_order_in_which_they_were_asked_for(place: Place) -> None:
    handle = await place.ask("Are there any weather alerts in California and Texas?")
    await lab.result(handle, timeout=60)
    found = await show.spans(handle)
    tools = [row.activity for row in found.rows if row.span == "tool get_weather_alerts"]
    assert [tool and tool.activity_id for tool in tools] == ["2", "3"]
    # Which of the two began or ended first is chance, and so is every later event's id.
    assert "events" not in found.text()


async def test_attempts_that_failed_are_spans_of_the_same_activity(place: Place) -> None:
    with lab.fault("model", "server_error", calls=1):
        handle = await place.ask(QUESTION)
        await lab.result(handle, timeout=60)
    rows = (await show.spans(handle)).rows
    first, second = rows[3:5]
    assert (first.span, second.span, second.again) == ("model call, failed", "model call", True)
    assert first.activity == second.activity
    assert first.activity is not None
    assert first.activity.attempts == 2


async def held(place: Place, after: int) -> tuple[WorkflowHandle[Any, Any], Fault]:
    """A run whose next model call waits at the gateway, once ``after`` of them have been made."""
    fault = lab.fault("model", "delay", delay=60, after=after, calls=1)
    handle = await place.ask(QUESTION)
    await fault.hit()
    return handle, fault


async def test_a_run_that_goes_on_and_is_finished_by_another_worker(place: Place) -> None:
    handle, fault = await held(place, after=1)
    running = await show.spans(handle)
    assert "The run goes on." in running.text()
    assert [row.span for row in running.rows] == [
        "turn 1",
        "model call",
        "tool get_weather_alerts",
        "none yet: sent when it ends",
    ]
    pending = running.rows[-1]
    assert not pending.is_span
    assert pending.activity is not None
    assert (pending.activity.attempts, len(pending.activity.events)) == (1, 1)
    place.worker.kill()
    fault.clear()
    place.worker.restart()
    await lab.result(handle, timeout=60)
    rows = (await show.spans(handle)).rows
    assert [row.span for row in rows] == NAMES
    activities = [row.activity for row in rows if row.activity]
    assert [one.worker for one in activities] == [1, 1, 2]
    assert [one.attempts > 1 for one in activities] == [False, False, True]


async def test_spans_that_were_lost_are_told(place: Place) -> None:
    with GatewayClient.for_scope() as client:
        earlier = {trace.trace_id for trace in client.traces()}
    handle, fault = await held(place, after=1)

    def first_turn_sent() -> bool:
        with GatewayClient.for_scope() as client:
            own = [trace for trace in client.traces() if trace.trace_id not in earlier]
        return any(span.name == "turn 1" for trace in own for span in trace.spans)

    await until(first_turn_sent)
    with GatewayClient.for_scope() as client:
        client.clear_traces()  # as if the worker had been killed before it sent them
    fault.clear()
    await lab.result(handle, timeout=60)
    found = await show.spans(handle)
    lost = [row for row in found.rows if not row.is_span]
    assert {row.span for row in lost} == {"none: lost (a killed worker sends none)"}
    assert [row.activity and row.activity.activity_id for row in lost] == ["1", "2"]


async def test_one_line_where_there_is_no_trace(place: Place) -> None:
    unstarted = await place.client.start_workflow("Plain", id=f"p-{uuid.uuid4()}", task_queue="nobody's")
    told = (await show.spans(unstarted)).text()
    assert told == "Plain has no trace yet: no agent of the Agents SDK has run in it."
    await unstarted.terminate()
    told = (await show.spans(unstarted)).text()
    assert told == "Plain has no trace: no agent of the Agents SDK has run in it."
    handle = await place.ask(QUESTION)
    await lab.result(handle, timeout=60)
    assert (await show.spans(handle)).rows
    with GatewayClient.for_scope() as client:
        client.clear_traces()
    found = await show.spans(handle)
    assert found.rows == ()
    assert found.text() == "The gateway has no trace of this Asks. It loses traces when it is restarted."
    with pytest.raises(lab.LabError, match="There is no workflow 'nobody'"):
        await show.spans(place.client.get_workflow_handle("nobody"))
