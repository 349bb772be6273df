# outcome: NOT YET · schema
# says: the tool was made without it
# there is a docstring, and the decorator leaves it out
from agents import Agent, function_tool
from workshop.tools import weather


@function_tool(use_docstring_info=False)
async def active_alerts(state: str):
    """Get the active weather alerts of a US state.

    Args:
        state: The two-letter code of the state, such as CA.
    """
    return await weather.get_weather_alerts(state)


agent = Agent(
    name="Weather",
    instructions="Use your tool when it fits the question. Otherwise answer with a haiku.",
    tools=[active_alerts],
)
