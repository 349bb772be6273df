# outcome: NOT YET · told in words
# says: instructions that leave the order to the model
# instructions give the order as a numbered list, in other words
from agents import Agent, function_tool
from workshop.tools.location import get_ip_address, get_location_info
from workshop.tools.weather import get_weather_alerts

agent = Agent(
    name="Weather agent",
    instructions="""Answer questions about weather alerts.
1. Find out the user's IP address.
2. Look up where that address is.
3. Get the alerts there.""",
    tools=[function_tool(get_ip_address), function_tool(get_location_info), function_tool(get_weather_alerts)],
)
