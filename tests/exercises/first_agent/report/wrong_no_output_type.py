# outcome: NOT YET · told in words
# says: output_type
from agents import Agent, function_tool
from pydantic import BaseModel
from workshop.tools.weather import get_weather_alerts

class AlertReport(BaseModel):
    state: str
    alert_count: int
    events: list[str]

agent = Agent(name="R", instructions="Report alerts as an AlertReport.", tools=[function_tool(get_weather_alerts)])
