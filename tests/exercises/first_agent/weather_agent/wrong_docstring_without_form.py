# outcome: NOT YET · schema
# says: state
from agents import Agent, function_tool
from workshop.tools import weather

@function_tool
async def get_weather_alerts(state: str) -> str:
    '''Get the weather alerts.'''
    return await weather.get_weather_alerts(state)

agent = Agent(name="Weather agent", instructions="Use tools or answer in haiku.", tools=[get_weather_alerts])
