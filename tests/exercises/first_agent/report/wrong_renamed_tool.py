# outcome: NOT YET · missing
# says: the agent's tools: alerts
# the tool has another name
from agents import Agent, function_tool
from pydantic import BaseModel
from workshop.tools.weather import get_weather_alerts


class AlertReport(BaseModel):
    state: str
    alert_count: int
    events: list[str]


agent = Agent(
    name="Reporter",
    instructions="Report the active weather alerts of a state.",
    tools=[function_tool(get_weather_alerts, name_override="alerts")],
    output_type=AlertReport,
)
