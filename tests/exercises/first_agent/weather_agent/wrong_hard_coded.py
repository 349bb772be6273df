# outcome: NOT YET · hard-coded
# says: weather service
from agents import Agent, function_tool

@function_tool
async def get_weather_alerts(state: str) -> str:
    '''Get the alerts.

    Args:
        state: two-letter code.
    '''
    return "There is a dense fog advisory."

agent = Agent(name="Weather agent", instructions="Use tools or answer in haiku.", tools=[get_weather_alerts])
