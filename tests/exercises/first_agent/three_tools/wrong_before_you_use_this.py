# outcome: NOT YET · told in words
# says: descriptions that leave the order to the model
# a tool's description says that another tool comes before it
from agents import Agent, function_tool
from workshop.tools.location import get_ip_address, get_location_info
from workshop.tools.weather import get_weather_alerts

agent = Agent(
    name="Weather",
    instructions="Use your tools when they fit the question. Otherwise answer with a haiku.",
    tools=[
        function_tool(get_ip_address),
        function_tool(
            get_location_info,
            description_override="Get the place of an IP address. Find out the IP address before you use this.",
        ),
        function_tool(get_weather_alerts),
    ],
)
