# outcome: NOT YET · of another kind
# says: function_tool
from agents import Agent
from workshop.tools import weather

async def get_weather_alerts(state: str) -> str:
    '''Get the alerts.

    Args:
        state: two-letter code.
    '''
    return await weather.get_weather_alerts(state)

agent = Agent(name="Weather agent", instructions="Use tools or answer in haiku.", tools=[get_weather_alerts])
