# outcome: PASSED
"""The agent's tools: what the model reads about each, and what runs when the model asks for it."""

from typing import Annotated

from pydantic import BaseModel, Field
from workshop.tools import get_ip_address, get_location_info, get_weather_alerts


class WeatherAlerts(BaseModel):
    """Get the active weather alerts of a US state."""

    state: str = Field(description="Two-letter code of the state, for example CA.")

    async def run(self) -> str:
        return await get_weather_alerts(self.state)


class LocationInfo(BaseModel):
    """Where is it? Takes an IP address and says which city it belongs to."""

    ipaddress: Annotated[str, Field(description="An IPv4 or IPv6 address.")]

    async def run(self) -> str:
        info = await get_location_info(ipaddress=self.ipaddress)
        return info


class IpAddress(BaseModel):
    """Which public IP address the user has."""

    async def run(self) -> str:
        address = await get_ip_address()
        return address


TOOLS = {
    "get_weather_alerts": WeatherAlerts,
    "get_location_info": LocationInfo,
    "get_ip_address": IpAddress,
}
