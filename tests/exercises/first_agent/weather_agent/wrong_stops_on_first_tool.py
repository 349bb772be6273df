# outcome: NOT YET · wrong decision
# says: the model was not asked again
from typing import Annotated

from agents import Agent, function_tool
from workshop.tools import weather


@function_tool(name_override="active_weather_alerts")
async def alerts(state: Annotated[str, "two-letter code of the US state, for example TX for Texas"]):
    """Return the active weather alerts of a US state, given by its two-letter code (for example TX)."""
    return await weather.get_weather_alerts(state)


agent = Agent(
    name="Alerts",
    instructions="Use your tool when it fits the question. When no tool fits, answer with a haiku.",
    tools=[alerts],
    tool_use_behavior="stop_on_first_tool",
)
