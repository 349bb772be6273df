# outcome: PASSED
# a bound that every true report meets
from agents import Agent, function_tool
from pydantic import BaseModel, ConfigDict, NonNegativeInt
from workshop.tools.weather import get_weather_alerts


class AlertReport(BaseModel):
    model_config = ConfigDict(frozen=True)

    state: str
    alert_count: NonNegativeInt
    events: list[str]


agent = Agent(
    name="Reporter",
    instructions="Report the active weather alerts of a state.",
    tools=[function_tool(get_weather_alerts)],
    output_type=AlertReport,
)
