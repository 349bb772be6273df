# outcome: NOT YET · schema
# says: `state: str` in AlertReport
# fields may be None
from agents import Agent, function_tool
from pydantic import BaseModel
from workshop.tools.weather import get_weather_alerts


class AlertReport(BaseModel):
    state: str | None = None
    alert_count: int | None = None
    events: list[str] | None = None


agent = Agent(
    name="Reporter",
    instructions="Report the active weather alerts of a state.",
    tools=[function_tool(get_weather_alerts)],
    output_type=AlertReport,
)
