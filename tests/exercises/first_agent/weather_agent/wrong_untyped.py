# outcome: NOT YET · schema
# says: type
from agents import Agent, function_tool
from workshop.tools import weather

@function_tool(strict_mode=False)
async def get_weather_alerts(state):
    '''Get the alerts.

    Args:
        state: two-letter code.
    '''
    return await weather.get_weather_alerts(state)

agent = Agent(name="Weather agent", instructions="Use tools or answer in haiku.", tools=[get_weather_alerts])
