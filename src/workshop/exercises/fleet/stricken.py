"""Workflows and activities that are broken, and some that merely take their time: what the looks are tried with."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from temporalio import activity, workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ApplicationError

_HOUR = timedelta(hours=1)
_QUICK = RetryPolicy(initial_interval=timedelta(milliseconds=50), backoff_coefficient=1.0)


@workflow.defn
class Misspelt:
    """Its code names something that there is not."""

    @workflow.run
    async def run(self) -> None:
        await workflow.sleep(timedelta(milliseconds=50))
        nowhere  # type: ignore[name-defined]  # noqa: B018, F821  # the mistake itself


@workflow.defn
class Refuses:
    """Its code raises an error that is no failure of Temporal's."""

    @workflow.run
    async def run(self) -> None:
        raise ValueError("the form is empty")


@workflow.defn
class Fails:
    """Ends with a failure, as it should."""

    @workflow.run
    async def run(self) -> None:
        raise ApplicationError("no such customer", non_retryable=True)


@workflow.defn(name="Mended")
class Broken:
    """Fails, until :class:`Mended` takes its place."""

    @workflow.run
    async def run(self) -> None:
        """Fail, each time."""
        raise KeyError("yesterday")


@workflow.defn(name="Mended")
class Mended:
    """What was :class:`Broken`; goes on, and waits for a person."""

    @workflow.run
    async def run(self) -> None:
        """Wait."""
        await workflow.wait_condition(lambda: False)


@workflow.defn
class AsksAPerson:
    """Waits for a signal, for as long as it takes."""

    @workflow.run
    async def run(self) -> None:
        await workflow.wait_condition(lambda: False)


@workflow.defn
class Sleeps:
    """Waits for a timer."""

    @workflow.run
    async def run(self) -> None:
        await workflow.sleep(_HOUR)


@workflow.defn
class Does:
    """Runs activities side by side, on a queue."""

    @workflow.run
    async def run(self, names: list[str], queue: str | None) -> None:
        steps = [
            workflow.execute_activity(
                name,
                task_queue=queue,
                start_to_close_timeout=timedelta(seconds=0.3) if name == "dawdles" else _HOUR,
                retry_policy=_QUICK,
            )
            for name in names
        ]
        await asyncio.gather(*steps)


@workflow.defn
class DoesOneHere:
    """Runs an activity on its own queue and, beside it, the same on another."""

    @workflow.run
    async def run(self, name: str, queue: str) -> None:
        here = workflow.execute_activity(name, start_to_close_timeout=_HOUR)
        there = workflow.execute_activity(name, task_queue=queue, start_to_close_timeout=_HOUR)
        await asyncio.gather(here, there)


@activity.defn
async def breaks() -> None:
    """Fails at each attempt, for a reason that is two causes deep."""
    try:
        raise ConnectionError("the line is cut")
    except ConnectionError as error:
        raise RuntimeError("no answer") from error


@activity.defn
async def dawdles() -> None:
    """Is refused four times, and after that takes longer than it may: the server takes seconds to tell of each time."""
    if activity.info().attempt < 5:
        raise ApplicationError("busy, come back later")
    await asyncio.sleep(60)


@activity.defn
async def works() -> None:
    """Takes long, and may."""
    await asyncio.sleep(3600)


async def _fails_until(attempt: int) -> None:
    # The attempt after this one comes in an hour: so the run stands at that one.
    late = activity.info().attempt >= attempt - 1
    raise ApplicationError("busy, come back later", next_retry_delay=_HOUR if late else None)


@activity.defn
async def second() -> None:
    """Waits for its second attempt."""
    await _fails_until(2)


@activity.defn
async def fourth() -> None:
    """Waits for its fourth attempt."""
    await _fails_until(4)


@activity.defn
async def fifth() -> None:
    """Waits for its fifth attempt."""
    await _fails_until(5)


@activity.defn
async def recovers() -> None:
    """Succeeds at its seventh attempt."""
    if activity.info().attempt < 7:
        raise ConnectionError("not yet")


WORKFLOWS = (AsksAPerson, Does, DoesOneHere, Fails, Misspelt, Refuses, Sleeps)
ACTIVITIES = (breaks, dawdles, fifth, fourth, recovers, second, works)

__all__ = ["ACTIVITIES", "WORKFLOWS", "Broken", "Mended"]
