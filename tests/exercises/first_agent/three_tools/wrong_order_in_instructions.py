# outcome: NOT YET · told in words
# says: order
from agents import Agent, function_tool
from workshop.tools.location import get_ip_address, get_location_info
from workshop.tools.weather import get_weather_alerts

agent = Agent(
    name="W",
    instructions="First call get_ip_address, then get_location_info, then get_weather_alerts.",
    tools=[function_tool(t) for t in (get_weather_alerts, get_location_info, get_ip_address)],
)
