# outcome: NOT YET · swallows errors
# says: failure_error_function
# the error is hidden by the tool's failure_error_function, not by an `except`
from agents import Agent, function_tool
from workshop.tools import weather

@function_tool(failure_error_function=lambda context, error: "No alerts at the moment.")
async def weather_alerts(state: str) -> str:
    """Get the active weather alerts of a US state.

    Args:
        state: Two-letter code of the state, for example CA.
    """
    return await weather.get_weather_alerts(state)


agent = Agent(
    name="Weather agent",
    instructions="Use your tool for weather alerts. If no tool fits the question, answer with a haiku.",
    tools=[weather_alerts],
)
