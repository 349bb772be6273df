"""The picture that follows a fleet: what it counts, and what of it may be stored."""

from __future__ import annotations

import os
import re
import uuid
from typing import Any

import pytest
from temporalio import workflow
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode
from temporalio.worker import Worker

from tests.waiting import until
from workshop import view as show
from workshop.errors import LabError
from workshop.lab.asides import Aside
from workshop.lab.gateway_client import Meter, ModelCounts
from workshop.view import fleets, live
from workshop.view.fleets import Counted, FleetView
from workshop.view.live import LiveView

AT_WORK = Counted(100, 40, 1, 50, 30, ModelCounts(completed=100, repeats=3, in_flight=7))
OVER = Counted(100, 100, 0, 0, 0, ModelCounts(completed=203, repeats=3))


def test_it_tells_what_runs_do_and_what_their_calls_cost() -> None:
    assert FleetView(AT_WORK).text() == (
        "100 agents: 40 done, 20 at work, 30 waiting for a worker, 1 ended without a result.\n"
        "Model calls: 97 paid, 3 paid again, 7 in flight."
    )
    assert (
        FleetView(Counted(5, 0, 0, 0, 0, ModelCounts())).text()
        == "5 agents: none yet.\nModel calls: none yet."
    )
    # A backlog is approximate: more steps than runs wait for nothing.
    assert Counted(5, 0, 0, 2, 4, ModelCounts()).waiting == 2


def test_chance_is_not_stored() -> None:
    assert (FleetView(AT_WORK).over, FleetView(OVER).over) == (False, True)
    stored = FleetView(OVER, stored=True)
    assert stored.text() == "100 agents: 100 done.\nModel calls: 200 paid."
    again = Counted(100, 100, 0, 0, 0, ModelCounts(completed=200))
    assert FleetView(again, stored=True).html() == stored.html()


def test_the_picture_says_the_same_in_words() -> None:
    html = FleetView(AT_WORK).html()
    assert 'role="img" aria-label="A fleet: 100 agents and Model calls"' in html
    for words in ("40 done", "20 at work", "30 waiting for a worker", "3 paid again", "7 in flight"):
        assert f">{words}</text>" in html
    assert "<desc>100 agents: 40 done" in html


def test_calls_fill_their_bar_as_far_as_they_are_made() -> None:
    def width(view: FleetView) -> float:
        calls = view.html().partition(">Model calls<")[2]
        bars = re.findall(r'<rect class="(?:mark|bad|now)"[^>]* width="([\d.]+)"[^>]* rx="3"/>', calls)
        return sum(map(float, bars))

    whole, half = width(FleetView(AT_WORK)), width(FleetView(AT_WORK, 2 * 107))
    assert whole > 400
    assert half == pytest.approx(whole / 2, abs=1)


@workflow.defn(sandboxed=False)
class Errand:
    @workflow.run
    async def run(self) -> None:
        await workflow.wait_condition(lambda: False, timeout=600)


class Counts(Aside):
    def __init__(self) -> None: ...

    def meter(self) -> Meter:
        return Meter(scope="many", mode="practice", model=ModelCounts(completed=2))


@pytest.mark.usefixtures("services")
async def test_it_asks_the_server(monkeypatch: pytest.MonkeyPatch) -> None:
    client = await Client.connect(os.environ["TEMPORAL_ADDRESS"])
    own = uuid.uuid4().hex
    ids = [f"{own}-agent-{n}" for n in range(3)]
    for run in [*ids, f"another-{own}"]:
        await client.start_workflow("Errand", id=run, task_queue=own)
    await client.get_workflow_handle(f"another-{own}").terminate()
    where: Any = {"queue": own, "prefix": f"{own}-agent", "aside": Counts()}
    seen = ""

    async def says(wanted: str) -> bool:
        nonlocal seen
        seen = FleetView(await fleets.counted(client, 3, **where)).text().splitlines()[0]
        return seen == wanted

    async def comes(wanted: str) -> None:
        await until(lambda: says(wanted), 30, lambda: seen)

    # The other run's step waits as well, until the server notices that it has ended.
    await comes("3 agents: 3 waiting for a worker.")
    assert "follows all of its agents" in str(await show.fleet(client, 3, **where))
    async with Worker(client, task_queue=own, workflows=[Errand]):
        await comes("3 agents: 3 at work.")
        await client.get_workflow_handle(ids[0]).terminate()
        await comes("3 agents: 2 at work, 1 ended without a result.")
    monkeypatch.setenv("WORKSHOP_VIEWS", "live")
    monkeypatch.setattr(live, "_EVERY_SECONDS", 0.05)
    view = await show.fleet(client, 3, **where)
    assert isinstance(view, LiveView)
    for run in ids[1:]:
        await client.get_workflow_handle(run).terminate()
    await until(lambda: not view.running, 30)
    assert "3 ended without a result" in view.children[0].value
    assert isinstance(await show.fleet(client, 3, **where), FleetView)


@pytest.mark.usefixtures("services")
async def test_a_server_that_does_not_answer_is_said_so(monkeypatch: pytest.MonkeyPatch) -> None:
    client = await Client.connect(os.environ["TEMPORAL_ADDRESS"])

    async def silent(*_: object, **__: object) -> None:
        raise RPCError("it is away", RPCStatusCode.UNAVAILABLE, b"")

    monkeypatch.setattr(client.workflow_service, "describe_task_queue", silent)
    with pytest.raises(LabError, match=r"does not tell about the fleet: it is away"):
        await show.fleet(client, 3, queue="fleet", aside=Counts())
