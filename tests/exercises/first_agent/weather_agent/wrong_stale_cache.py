# outcome: NOT YET · forgets
# says: an answer was kept
# keeps the first result of a state for ever, alerts are no longer the active ones
from agents import Agent, function_tool
from workshop.tools import weather

_cache = {}


@function_tool
async def get_alerts(state: str) -> str:
    """Get the active weather alerts of a US state.

    Args:
        state: The two-letter code of the state, for example CA.
    """
    if state not in _cache:
        _cache[state] = await weather.get_weather_alerts(state)
    return _cache[state]


agent = Agent(
    name="Weather agent",
    instructions="Use your tools when they fit the question. Otherwise answer with a haiku.",
    tools=[get_alerts],
)
