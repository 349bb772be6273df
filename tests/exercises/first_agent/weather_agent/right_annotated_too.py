# outcome: PASSED
# Annotated type with description, normalises the code
from typing import Annotated

from agents import Agent, function_tool
from workshop.tools import weather


@function_tool
async def active_alerts(state: Annotated[str, "Two-letter postal code of the state, e.g. NY"]) -> str:
    """Look up the weather alerts that are active now in a US state.

    The state is given as its two-letter postal code, e.g. NY.
    """
    return await weather.get_weather_alerts(state.strip().upper())


agent = Agent(
    name="Weather agent",
    instructions="Answer questions on weather alerts with active_alerts. Any other question: answer with a haiku.",
    tools=[active_alerts],
)
