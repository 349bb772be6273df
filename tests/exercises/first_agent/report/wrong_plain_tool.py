# outcome: NOT YET · of another kind
# says: function_tool
from agents import Agent, function_tool
from pydantic import BaseModel
from workshop.tools.weather import get_weather_alerts

class AlertReport(BaseModel):
    state: str
    alert_count: int
    events: list[str]

agent = Agent(name="R", instructions="Report alerts.", tools=[get_weather_alerts], output_type=AlertReport)
