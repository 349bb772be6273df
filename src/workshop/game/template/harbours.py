"""Questions about harbours, at a service that is asked slowly."""

import asyncio
import time

from temporalio import activity, workflow

with workflow.unsafe.imports_passed_through():
    from workshop.tools import weather

from my.game_day.weather_agent import ask

PAUSE = 0.1  # seconds between two questions to the service


@activity.defn
async def get_weather_alerts(state: str) -> str:
    """Get the active weather alerts of the US state with this two-letter code, such as CA."""
    await asyncio.sleep(PAUSE)
    return f"At {time.strftime('%H:%M')}: {await weather.get_weather_alerts(state)}"


@workflow.defn
class HarbourDesk:
    @workflow.run
    async def run(self, question: str) -> str:
        return await ask(question, get_weather_alerts)


WORKFLOWS = [HarbourDesk]
ACTIVITIES = [get_weather_alerts]
