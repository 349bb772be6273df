# outcome: NOT YET · wrong data
# says: it was asked 2 times
# the answer for an address is kept for ever in the module
"""The agent's tools: what the model reads about each, and what runs when the model calls it."""

from pydantic import BaseModel, Field
from workshop.tools import get_ip_address, get_location_info, get_weather_alerts


class WeatherAlerts(BaseModel):
    """Get the active weather alerts of a US state."""

    state: str = Field(description="Two-letter code of the state, for example CA.")

    async def run(self) -> str:
        return await get_weather_alerts(self.state)


places: dict[str, str] = {}


class LocationInfo(BaseModel):
    """Get the city, region and country of an IP address."""

    ipaddress: str = Field(description="IPv4 or IPv6 address, for example 8.8.8.8.")

    async def run(self) -> str:
        if self.ipaddress not in places:
            places[self.ipaddress] = await get_location_info(self.ipaddress)
        return places[self.ipaddress]


class IpAddress(BaseModel):
    """Get the public IP address of this computer."""

    async def run(self) -> str:
        return await get_ip_address()


TOOLS = {
    "get_weather_alerts": WeatherAlerts,
    "get_location_info": LocationInfo,
    "get_ip_address": IpAddress,
}
