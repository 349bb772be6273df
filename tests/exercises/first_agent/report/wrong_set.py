# outcome: NOT YET · schema
# says: a set
# events is a set[str], not a list[str]
from agents import Agent, function_tool
from pydantic import BaseModel
from workshop.tools.weather import get_weather_alerts


class AlertReport(BaseModel):
    """A report of a state's alerts."""

    state: str
    alert_count: int
    events: set[str]  # each kind once


agent = Agent(
    name="Reporter",
    instructions="Report the active weather alerts.",
    tools=[function_tool(get_weather_alerts)],
    output_type=AlertReport,
)
