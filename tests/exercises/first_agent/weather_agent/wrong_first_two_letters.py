# outcome: NOT YET · wrong data
# says: another state
# docstring says name or code, cuts names to two letters (Texas is not TE)
from agents import Agent, function_tool
from workshop.tools import weather


@function_tool
async def get_alerts(state: str) -> str:
    """Get the active weather alerts of a US state.

    Args:
        state: The name of the state or its two-letter code.
    """
    return await weather.get_weather_alerts(state[:2].upper())


agent = Agent(
    name="Weather agent",
    instructions="Use your tools when they fit the question. Otherwise answer with a haiku.",
    tools=[get_alerts],
)
