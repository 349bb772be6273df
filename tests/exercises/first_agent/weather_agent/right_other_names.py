# outcome: PASSED
from agents import Agent, function_tool
from workshop.tools.weather import get_weather_alerts as fetch

@function_tool(name_override="alerts")
async def a(region_code: str) -> str:
    '''Active weather alerts for one US state.

    Args:
        region_code: US state as two letters, e.g. NY.
    '''
    return await fetch(region_code.upper())

agent = Agent(name="W", instructions="Help with the weather. Anything else: a haiku.", tools=[a])
