# outcome: NOT YET · hard-coded
# says: 8.8.8.8
from agents import Agent, function_tool
from workshop.tools.location import get_ip_address, get_location_info
from workshop.tools.weather import get_weather_alerts

@function_tool
async def where(ip: str) -> str:
    '''Find the city and state of an IP address.

    Args:
        ip: An IPv4 address.
    '''
    return await get_location_info("8.8.8.8")

agent = Agent(name="W", instructions="Use tools.", tools=[function_tool(get_weather_alerts), where, function_tool(get_ip_address)])
