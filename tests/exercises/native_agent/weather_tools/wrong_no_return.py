# outcome: NOT YET · does nothing
# says: to return what get_location_info returned
"""The agent's tools: what the model reads about each, and what runs when the model asks for it."""

from pydantic import BaseModel, Field
from workshop.tools import get_ip_address, get_location_info, get_weather_alerts


class WeatherAlerts(BaseModel):
    """Get the active weather alerts of a US state."""

    state: str = Field(description="Two-letter code of the state, for example CA.")

    async def run(self) -> str:
        return await get_weather_alerts(self.state)


class LocationInfo(BaseModel):
    """Get the place that belongs to an IP address: city, region and country."""

    ipaddress: str = Field(description="A public IP address, for example 203.0.113.7.")

    async def run(self) -> str:
        await get_location_info(self.ipaddress)


class IpAddress(BaseModel):
    """Get the public IP address of the user's computer."""

    async def run(self) -> str:
        return await get_ip_address()


TOOLS = {
    "get_weather_alerts": WeatherAlerts,
    "get_location_info": LocationInfo,
    "get_ip_address": IpAddress,
}
