# outcome: NOT YET · schema
# says: events
from agents import Agent, function_tool
from pydantic import BaseModel
from workshop.tools.weather import get_weather_alerts

class AlertReport(BaseModel):
    state: str
    alert_count: int

agent = Agent(name="R", instructions="Report alerts.", tools=[function_tool(get_weather_alerts)], output_type=AlertReport)
