"""Whether a fleet is mended: each run has ended as it should, the money is right, and nobody else was harmed."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from workshop.game.fleet import SETTLED, Run, may_end

if TYPE_CHECKING:
    from temporalio.client import Client

    from workshop.game.day import Day

_LOOK_EVERY = 0.5


@dataclass(frozen=True)
class Verdict:
    """What is still wrong with a fleet.

    Attributes:
        open: The runs that have not ended, though they should.
        wrong: What has gone wrong for good, in words; empty if nothing has.
        ended: The runs that were ended without a result, as they may be.
        repeats: Model calls that were paid twice.
    """

    open: tuple[str, ...]
    wrong: tuple[str, ...]
    ended: tuple[str, ...]
    repeats: int


async def judge(day: Day, patience: float) -> Verdict:
    """Look at a fleet, and wait a while for runs that may still come to their end.

    Args:
        day: The fleet.
        patience: Seconds to wait.

    Raises:
        RPCError: the server does not answer.
    """
    client = await day.connect()
    deadline = time.monotonic() + patience
    while True:
        verdict = await _look(day, client)
        if verdict.wrong or not verdict.open or time.monotonic() > deadline:
            return verdict
        await asyncio.sleep(_LOOK_EVERY)


async def _look(day: Day, client: Client) -> Verdict:
    still: list[str] = []
    wrong: list[str] = []
    ended: list[str] = []
    for run in day.runs:
        status = await _status(client, run)
        if run.waits:
            if status not in ("running", "completed"):
                wrong.append(f"{run.id} waited for a person, and now it is {status}")
        elif status in ("running", "continued as new"):
            still.append(run.id)
        elif status != "completed":
            ended.append(run.id)
            if not may_end(run, day.kinds):
                wrong.append(f"{run.id} is {status}; mended, it could have gone on to its result")
    money = day.balances()
    if not {run.id for run in day.runs if run.department == "refunds"} & {*still} and money != SETTLED:
        told = ", ".join(f"{name} {amount}" for name, amount in sorted(money.items()))
        wanted = ", ".join(f"{name} {amount}" for name, amount in sorted(SETTLED.items()))
        wrong.append(f"the accounts hold {told}, and not {wanted}")
    return Verdict(tuple(still), tuple(wrong), tuple(ended), day.meter().model.repeats)


async def _status(client: Client, run: Run) -> str:
    described = await client.get_workflow_handle(run.id).describe()
    return described.status.name.lower().replace("_", " ") if described.status else "unknown"


__all__ = ["Verdict", "judge"]
