# outcome: NOT YET · wrong failure
# says: the error ended the run
# failure_error_function=None: a failing service ends the run, and the model is not told
from agents import Agent, function_tool
from workshop.tools import weather


@function_tool(failure_error_function=None)
async def get_alerts(state: str) -> str:
    """Get the active weather alerts of a US state.

    Args:
        state: A US state as a two-letter code (California is CA).
    """
    return await weather.get_weather_alerts(state)


agent = Agent(
    name="Weather agent",
    instructions="Use your tools when they fit the question. Otherwise answer with a haiku.",
    tools=[get_alerts],
)
