# outcome: PASSED
# own tool name by name_override, another parameter name
from agents import Agent, function_tool
from workshop.tools import weather


@function_tool(name_override="weather_alerts")
async def _alerts(us_state: str) -> str:
    """Return the active weather alerts of a state of the USA.

    Args:
        us_state: Two-letter state code in capitals (CA, TX, NY).
    """
    return await weather.get_weather_alerts(us_state)


agent = Agent(name="Alerts", tools=[_alerts], instructions="Use a tool if one fits. If no tool fits, answer with a haiku.")
