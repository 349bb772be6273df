# outcome: PASSED
# Field descriptions and a docstring
from agents import Agent, function_tool
from pydantic import BaseModel, Field
from workshop.tools.weather import get_weather_alerts


class AlertReport(BaseModel):
    """The weather alerts of one state."""

    state: str = Field(description="The state that was asked about")
    alert_count: int = Field(description="How many alerts are active")
    events: list[str] = Field(description="The kinds of alert")


agent = Agent(
    name="Alert reporter",
    instructions="You get a question about weather alerts. Fill in the report from what your tool returns.",
    tools=[function_tool(get_weather_alerts)],
    output_type=AlertReport,
)
