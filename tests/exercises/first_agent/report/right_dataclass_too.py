# outcome: PASSED
# a standard dataclass as output type
from dataclasses import dataclass

from agents import Agent, function_tool
from workshop.tools.weather import get_weather_alerts


@dataclass
class AlertReport:
    state: str
    alert_count: int
    events: list[str]


agent = Agent(
    name="Reporter",
    instructions="Report the active weather alerts of a state.",
    tools=[function_tool(get_weather_alerts)],
    output_type=AlertReport,
)
