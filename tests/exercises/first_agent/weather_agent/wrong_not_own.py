# outcome: NOT YET · wiring
# says: your own function
# wraps the library's function instead of one's own
from agents import Agent, function_tool
from workshop.tools import weather

agent = Agent(
    name="Weather agent",
    instructions="Use your tools when they fit the question. Otherwise answer with a haiku.",
    tools=[function_tool(weather.get_weather_alerts)],
)
