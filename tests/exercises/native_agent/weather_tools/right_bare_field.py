# outcome: PASSED
"""The agent's tools: what the model reads about each, and what runs when the model asks for it."""

from pydantic import BaseModel, Field
from workshop.tools import get_ip_address, get_location_info, get_weather_alerts


class WeatherAlerts(BaseModel):
    """Get the active weather alerts of a US state."""

    state: str = Field(description="Two-letter code of the state, for example CA.")

    async def run(self) -> str:
        return await get_weather_alerts(self.state)


class IpAddress(BaseModel):
    """Find out the user's own public IP address. Takes no arguments."""

    async def run(self) -> str:
        address = await get_ip_address()
        return address


class LocationInfo(BaseModel):
    """Look up where an IP address is located."""

    ipaddress: str

    async def run(self) -> str:
        place = await get_location_info(self.ipaddress)
        return place


TOOLS = {
    "get_weather_alerts": WeatherAlerts,
    "get_location_info": LocationInfo,
    "get_ip_address": IpAddress,
}
