# outcome: NOT YET · not deterministic
# says: it raised: cannot reuse already awaited coroutine
# lru_cache on an async function: the second call awaits a used coroutine
from functools import lru_cache

from agents import Agent, function_tool
from workshop.tools import weather


@lru_cache
def fetch(state: str):
    return weather.get_weather_alerts(state)


@function_tool
async def get_alerts(state: str) -> str:
    """Get the active weather alerts of a US state.

    Args:
        state: The two-letter code of the state, for example CA.
    """
    return await fetch(state)


agent = Agent(
    name="Weather agent",
    instructions="Use your tools when they fit the question. Otherwise answer with a haiku.",
    tools=[get_alerts],
)
