# outcome: NOT YET · not awaited
# says: await
from agents import Agent, function_tool
from workshop.tools import weather

@function_tool
def get_weather_alerts(state: str) -> str:
    '''Get the alerts.

    Args:
        state: two-letter code.
    '''
    return weather.get_weather_alerts(state)

agent = Agent(name="Weather agent", instructions="Use tools or answer in haiku.", tools=[get_weather_alerts])
