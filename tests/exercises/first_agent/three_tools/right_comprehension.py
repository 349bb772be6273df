# outcome: PASSED
# comprehension over the functions
from agents import Agent, function_tool
from workshop.tools.location import get_ip_address, get_location_info
from workshop.tools.weather import get_weather_alerts

FUNCTIONS = get_weather_alerts, get_ip_address, get_location_info

agent = Agent(
    name="Local weather",
    instructions="You answer questions about the weather and about places. Use your tools to find out what you do not know.",
    tools=[function_tool(function) for function in FUNCTIONS],
)
