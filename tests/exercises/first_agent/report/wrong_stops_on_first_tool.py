# outcome: NOT YET · wrong decision
# says: the model was not asked again
# the tool's text becomes the answer, not an AlertReport
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
    tools=[function_tool(get_weather_alerts)],
    output_type=AlertReport,
    tool_use_behavior="stop_on_first_tool",
)
