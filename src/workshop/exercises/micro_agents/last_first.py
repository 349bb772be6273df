"""Weather for several states at once, in the child: the state that was asked for first is answered last."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from temporalio import activity

from workshop.exercises.micro_agents.project import activities
from workshop.tools import weather

_PATIENCE = 3.0
"""Seconds to wait for an answer that the order of the answers needs; code that runs in turn never gives it."""


def last_first(states: Sequence[str], ended: Callable[[], Awaitable[int]]) -> list[Any]:
    """The project's activities, of which the weather waits for its turn.

    Args:
        states: In the order in which they are asked for.
        ended: How many of the states are through.
    """

    @activity.defn(name="get_weather_alerts")
    async def get_weather_alerts(state: str) -> str:
        told = await weather.get_weather_alerts(state)
        before = len(states) - 1 - list(states).index(weather.AREAS[state])
        until = time.monotonic() + _PATIENCE
        while time.monotonic() < until and await ended() < before:  # noqa: ASYNC110 - the history tells
            await asyncio.sleep(0.1)
        return told

    others = [one for one in activities() if one.__name__ != "get_weather_alerts"]
    return [*others, get_weather_alerts]
