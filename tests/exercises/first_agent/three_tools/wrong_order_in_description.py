# outcome: NOT YET · told in words
# says: descriptions that leave the order to the model
# a tool's description says to call it first
from agents import Agent, function_tool
from workshop.tools.location import get_ip_address, get_location_info
from workshop.tools.weather import get_weather_alerts

agent = Agent(
    name="Weather agent",
    instructions="Use your tools when they fit the question.",
    tools=[
        function_tool(get_ip_address, description_override="Get the IP address. Call this tool first."),
        function_tool(get_location_info),
        function_tool(get_weather_alerts),
    ],
)
