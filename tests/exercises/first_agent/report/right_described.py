# outcome: PASSED
from agents import Agent, function_tool
from pydantic import BaseModel
from workshop.tools.weather import get_weather_alerts

from pydantic import Field

class AlertReport(BaseModel):
    state: str = Field(description="two-letter code of the state")
    alert_count: int = Field(description="how many alerts are active")
    events: list[str] = Field(description="the kind of each alert")

agent = Agent(name="R", instructions="You report weather alerts.", tools=[function_tool(get_weather_alerts)], output_type=AlertReport)
