# outcome: PASSED
# the instructions name all three tools, and no order
from agents import Agent, function_tool
from workshop.tools.location import get_ip_address, get_location_info
from workshop.tools.weather import get_weather_alerts

TOOLS = {tool.__name__: function_tool(tool) for tool in [get_location_info, get_weather_alerts, get_ip_address]}
agent = Agent(
    name="Weather agent",
    instructions=f"You have the tools {', '.join(sorted(TOOLS))}. Use whichever helps you to answer.",
    tools=list(TOOLS.values()),
)
