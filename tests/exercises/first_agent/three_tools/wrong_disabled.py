# outcome: NOT YET · wiring
# says: what switches a tool off
# one tool is switched off
from agents import Agent, function_tool
from workshop.tools.location import get_ip_address, get_location_info
from workshop.tools.weather import get_weather_alerts

agent = Agent(
    name="Weather agent",
    instructions="Use your tools when they fit the question.",
    tools=[
        function_tool(get_ip_address, is_enabled=False),
        function_tool(get_location_info),
        function_tool(get_weather_alerts),
    ],
)
