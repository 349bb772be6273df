"""The agent's tools. Each is an activity: recorded in the history, retried, never done again on replay."""

from takehome_agent.services import location, weather
from temporalio import activity


@activity.defn
async def get_weather_alerts(state: str) -> str:
    """Get the active weather alerts of the US state with this two-letter code, such as CA."""
    return await weather.get_weather_alerts(state)


@activity.defn
async def get_location_info(ipaddress: str) -> str:
    """Get the place that belongs to an IP address: city, region and country."""
    return await location.get_location_info(ipaddress)


@activity.defn
async def get_ip_address() -> str:
    """Get the public IP address of the user's computer."""
    return await location.get_ip_address()


TOOLS = [get_weather_alerts, get_location_info, get_ip_address]
