# outcome: NOT YET · told in words
# says: that of get_ip_address gives an order
from agents import Agent, function_tool
from workshop.tools.location import get_ip_address, get_location_info
from workshop.tools.weather import get_weather_alerts

agent = Agent(
    name="Weather agent",
    instructions="Use your tools to answer the question.",
    tools=[
        function_tool(
            get_ip_address,
            description_override="Get the IP address of this computer. Always call this tool before the others.",
        ),
        function_tool(get_location_info),
        function_tool(get_weather_alerts),
    ],
)
