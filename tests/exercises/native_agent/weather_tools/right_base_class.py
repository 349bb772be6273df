# outcome: PASSED
"""The agent's tools: what the model reads about each, and what runs when the model asks for it."""

from pydantic import BaseModel, Field
from workshop.tools import get_ip_address, get_location_info, get_weather_alerts


class WeatherAlerts(BaseModel):
    """Get the active weather alerts of a US state."""

    state: str = Field(description="Two-letter code of the state, for example CA.")

    async def run(self) -> str:
        return await get_weather_alerts(self.state)


class Tool(BaseModel):
    """What all tools have in common."""

    async def run(self) -> str:
        raise NotImplementedError


class IpAddress(Tool):
    """Find out the public IP address of this computer."""

    async def run(self) -> str:
        return await get_ip_address()


class LocationInfo(Tool):
    """Find the city, the region and the country of an IP address."""

    ipaddress: str = Field(..., description="The address.", min_length=3)

    async def run(self) -> str:
        return await get_location_info(self.ipaddress)


TOOLS = {
    "get_weather_alerts": WeatherAlerts,
    "get_location_info": LocationInfo,
    "get_ip_address": IpAddress,
}
