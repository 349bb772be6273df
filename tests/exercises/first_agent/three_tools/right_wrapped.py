# outcome: PASSED
from agents import Agent, function_tool
from workshop.tools.location import get_ip_address, get_location_info
from workshop.tools.weather import get_weather_alerts

@function_tool
async def my_ip() -> str:
    "Get the IP address of this computer."
    return await get_ip_address()

@function_tool
async def where(ip: str) -> str:
    '''Find the city and state of an IP address.

    Args:
        ip: An IPv4 address.
    '''
    return await get_location_info(ip)

@function_tool
async def alerts(state: str) -> str:
    '''Get weather alerts.

    Args:
        state: The two-letter state code.
    '''
    return await get_weather_alerts(state)

agent = Agent(name="Weather", instructions="Use tools, or answer in haiku.", tools=[my_ip, where, alerts])
