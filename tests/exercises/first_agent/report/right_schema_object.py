# outcome: PASSED
# output_type wrapped in AgentOutputSchema
from agents import Agent, AgentOutputSchema, function_tool
from pydantic import BaseModel
from workshop.tools.weather import get_weather_alerts


class AlertReport(BaseModel):
    state: str
    alert_count: int
    events: list[str]


agent = Agent(
    name="Reporter",
    instructions="Report alerts.",
    tools=[function_tool(get_weather_alerts)],
    output_type=AgentOutputSchema(AlertReport, strict_json_schema=True),
)
