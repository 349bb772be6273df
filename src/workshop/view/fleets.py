"""``await show.fleet(...)``: how many runs of a fleet are done, work, or wait for a worker; and what its calls cost."""

from __future__ import annotations

import asyncio
import os
from dataclasses import dataclass
from datetime import timedelta

from temporalio.api.enums.v1 import TaskQueueType
from temporalio.api.taskqueue.v1 import TaskQueue
from temporalio.api.workflowservice.v1 import DescribeTaskQueueRequest
from temporalio.client import Client
from temporalio.service import RPCError

from workshop.errors import LabError
from workshop.lab.asides import Aside
from workshop.lab.faults import meter
from workshop.lab.gateway_client import ModelCounts
from workshop.view.document import Paragraph, View
from workshop.view.fleet_pictures import Bar, draw
from workshop.view.live import LiveView
from workshop.view.wording import count

_RPC = timedelta(seconds=20)


@dataclass(frozen=True)
class Counted:
    """A fleet at one moment.

    Attributes:
        goal: How many agents it is to have.
        done: Runs that have completed.
        lost: Runs that have ended in another way.
        open: Runs that have not ended.
        backlog: Steps that wait for a worker: a run or an activity that nobody has taken yet.
        model: What the model has been asked.
    """

    goal: int
    done: int
    lost: int
    open: int
    backlog: int
    model: ModelCounts

    @property
    def waiting(self) -> int:
        """Open runs whose next step nobody has taken; an agent of these lessons has one step at a time."""
        return min(self.backlog, self.open)


class FleetView(View):
    """A fleet as two bars above their text: its runs, and its model calls."""

    def __init__(self, numbers: Counted, needed: int = 0, *, stored: bool = False) -> None:
        self.counted = numbers
        self.over = numbers.done + numbers.lost >= numbers.goal
        runs = [
            Bar("done", "done", numbers.done),
            Bar("at work", "now", numbers.open - numbers.waiting),
            Bar("waiting for a worker", "wait", numbers.waiting),
            Bar("ended without a result", "bad", numbers.lost),
        ]
        # How many calls a kill repeats is chance, so it cannot be stored.
        model = numbers.model
        calls = [Bar("paid", "mark", model.completed - model.repeats)]
        calls += [] if stored else [Bar("paid again", "bad", model.repeats)]
        calls.append(Bar("in flight", "now", model.in_flight))
        shown = {f"{count(numbers.goal, 'agent')}": (runs, numbers.goal), "Model calls": (calls, needed)}
        told = [f"{title}: {_told(bars)}." for title, (bars, _) in shown.items()]
        super().__init__("fleet", [Paragraph("\n".join(told))])
        self._svg = draw(shown, self.text())

    def html(self) -> str:
        """The picture, and the text below it."""
        return f'<figure style="margin:0;overflow-x:auto">{self._svg}</figure>\n{super().html()}'


async def fleet(
    client: Client, goal: int, *, queue: str, calls: int, prefix: str, aside: Aside | None
) -> View | LiveView:
    """A fleet as it is; live while it works, unless views are to be static."""
    stored = os.environ.get("WORKSHOP_VIEWS") == "static"

    async def read() -> FleetView:
        numbers = await counted(client, goal, queue=queue, prefix=prefix, aside=aside)
        return FleetView(numbers, calls, stored=stored)

    now = await read()
    if now.over:
        return now
    if stored:
        begun = "It has begun. In a notebook that runs, this picture follows all of its agents."
        return View("fleet", [Paragraph(begun)])
    return LiveView(read)


async def counted(client: Client, goal: int, *, queue: str, prefix: str, aside: Aside | None) -> Counted:
    """Count a fleet now; the arguments are those of ``show.fleet``.

    Raises:
        LabError: the server or the gateway does not answer.
    """
    try:
        found = await client.count_workflows(
            f'WorkflowId STARTS_WITH "{prefix}" GROUP BY ExecutionStatus', rpc_timeout=_RPC
        )
        kinds = TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW, TaskQueueType.TASK_QUEUE_TYPE_ACTIVITY
        backlogs = [await _backlog(client, queue, kind) for kind in kinds]
    except RPCError as error:
        raise LabError(f"The Temporal server does not tell about the fleet: {error.message}") from None
    by_status = {str(group.group_values[0]): group.count for group in found.groups}
    done, running = by_status.get("Completed", 0), by_status.get("Running", 0)
    model = (await asyncio.to_thread(aside.meter if aside else meter)).model
    return Counted(goal, done, found.count - done - running, running, sum(backlogs), model)


async def _backlog(client: Client, queue: str, kind: TaskQueueType.ValueType) -> int:
    request = DescribeTaskQueueRequest(
        namespace=client.namespace, task_queue=TaskQueue(name=queue), task_queue_type=kind, report_stats=True
    )
    described = await client.workflow_service.describe_task_queue(request, timeout=_RPC)
    return described.stats.approximate_backlog_count


def _told(bars: list[Bar]) -> str:
    return ", ".join(f"{bar.number:,} {bar.words}" for bar in bars if bar.number) or "none yet"


__all__ = ["Counted", "FleetView", "counted", "fleet"]
