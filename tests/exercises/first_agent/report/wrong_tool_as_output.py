# outcome: NOT YET · wiring
# two agents; the one called agent only has the type
from agents import Agent, function_tool
from pydantic import BaseModel
from workshop.tools.weather import get_weather_alerts


class AlertReport(BaseModel):
    state: str
    alert_count: int
    events: list[str]


finder = Agent(name="Finder", instructions="Find alerts.", tools=[function_tool(get_weather_alerts)])
agent = Agent(name="Reporter", instructions="Turn the alerts into a report.", output_type=AlertReport)
