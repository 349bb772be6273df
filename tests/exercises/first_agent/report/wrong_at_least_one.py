# outcome: NOT YET · schema
# says: can hold
# a state without alerts cannot be reported
from agents import Agent, function_tool
from pydantic import BaseModel, Field
from workshop.tools.weather import get_weather_alerts


class AlertReport(BaseModel):
    state: str
    alert_count: int = Field(ge=1)
    events: list[str] = Field(min_length=1)


agent = Agent(
    name="Reporter",
    instructions="Report the active weather alerts of a state.",
    tools=[function_tool(get_weather_alerts)],
    output_type=AlertReport,
)
