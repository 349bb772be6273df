# outcome: NOT YET · told in words
# says: instructions that leave the order to the model
# the names of the tools in a chain of arrows
from agents import Agent, function_tool
from workshop.tools.location import get_ip_address, get_location_info
from workshop.tools.weather import get_weather_alerts

agent = Agent(
    name="Weather agent",
    instructions="Your plan: get_ip_address -> get_location_info -> get_weather_alerts.",
    tools=[function_tool(tool) for tool in (get_ip_address, get_location_info, get_weather_alerts)],
)
