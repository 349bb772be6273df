# outcome: NOT YET · hard-coded
# says: can hold
# state can only be the example's
from typing import Literal

from agents import Agent, function_tool
from pydantic import BaseModel
from workshop.tools.weather import get_weather_alerts


class AlertReport(BaseModel):
    state: Literal["CA", "California"]
    alert_count: int
    events: list[str]


agent = Agent(
    name="Reporter",
    instructions="Report the active weather alerts of a state.",
    tools=[function_tool(get_weather_alerts)],
    output_type=AlertReport,
)
