"""Questions about weather alerts, asked at night."""

from temporalio import activity, workflow

with workflow.unsafe.imports_passed_through():
    from workshop.tools import weather

from my.game_day.weather_agent import ask


@activity.defn
async def get_weather_alerts(state: str) -> str:
    """Get the active weather alerts of the US state with this two-letter code, such as CA."""
    return await weather.get_weather_alerts(state)


@workflow.defn
class NightDesk:
    @workflow.run
    async def run(self, question: str) -> str:
        return await ask(question, get_weather_alerts)


WORKFLOWS = [NightDesk]
ACTIVITIES = [get_weather_alerts]
