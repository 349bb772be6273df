# outcome: NOT YET · does nothing
# says: return
from agents import Agent, function_tool
from workshop.tools import weather

@function_tool
async def get_weather_alerts(state: str) -> str:
    '''Get the alerts.

    Args:
        state: two-letter code.
    '''
    await weather.get_weather_alerts(state)

agent = Agent(name="Weather agent", instructions="Use tools or answer in haiku.", tools=[get_weather_alerts])
