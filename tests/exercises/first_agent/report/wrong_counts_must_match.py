# outcome: NOT YET · wrong decision
# says: can hold
# refuses a true report in which two alerts are of one kind or the kinds are fewer than the alerts
from agents import Agent, function_tool
from pydantic import BaseModel, model_validator
from workshop.tools.weather import get_weather_alerts


class AlertReport(BaseModel):
    state: str
    alert_count: int
    events: list[str]

    @model_validator(mode="after")
    def consistent(self):
        if self.alert_count != len(set(self.events)):
            raise ValueError("the number of alerts must be the number of kinds")
        return self


agent = Agent(
    name="Reporter",
    instructions="Report the active weather alerts of a state.",
    tools=[function_tool(get_weather_alerts)],
    output_type=AlertReport,
)
