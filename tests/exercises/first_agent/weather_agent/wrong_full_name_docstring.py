# outcome: NOT YET · schema
# says: which form the parameter state takes: a two-letter code
# docstring promises full names, the service takes codes
from agents import Agent, function_tool
from workshop.tools import weather


@function_tool
async def get_alerts(state: str) -> str:
    """Get the active weather alerts of a US state.

    Args:
        state: The full name of the state, for example California.
    """
    return await weather.get_weather_alerts(state)


agent = Agent(
    name="Weather agent",
    instructions="Use your tools when they fit the question. Otherwise answer with a haiku.",
    tools=[get_alerts],
)
