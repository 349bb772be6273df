# outcome: NOT YET · missing
# says: is there twice
# copy and paste: one tool twice, one missing
from agents import Agent, function_tool
from workshop.tools.location import get_ip_address, get_location_info
from workshop.tools.weather import get_weather_alerts

agent = Agent(
    name="Weather agent",
    instructions="Use your tools when they fit the question.",
    tools=[function_tool(get_ip_address), function_tool(get_ip_address), function_tool(get_weather_alerts)],
)
