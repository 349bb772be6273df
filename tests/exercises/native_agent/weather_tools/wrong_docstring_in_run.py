# outcome: NOT YET · schema
# says: no docstring
"""The agent's tools: what the model reads about each, and what runs when the model asks for it."""

from pydantic import BaseModel, Field
from workshop.tools import get_ip_address, get_location_info, get_weather_alerts


class WeatherAlerts(BaseModel):
    """Get the active weather alerts of a US state."""

    state: str = Field(description="Two-letter code of the state, for example CA.")

    async def run(self) -> str:
        return await get_weather_alerts(self.state)


class LocationInfo(BaseModel):
    ipaddress: str = Field(description="The IP address.")

    async def run(self) -> str:
        """Get the place that belongs to an IP address."""
        return await get_location_info(self.ipaddress)


class IpAddress(BaseModel):
    async def run(self) -> str:
        """Get the public IP address of the user's computer."""
        return await get_ip_address()


TOOLS = {
    "get_weather_alerts": WeatherAlerts,
    "get_location_info": LocationInfo,
    "get_ip_address": IpAddress,
}
