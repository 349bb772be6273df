# outcome: PASSED
"""The agent's tools: what the model reads about each, and what runs when the model asks for it."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field
from workshop.tools import get_ip_address, get_location_info, get_weather_alerts


class WeatherAlerts(BaseModel):
    """Get the active weather alerts of a US state."""

    state: str = Field(description="Two-letter code of the state, for example CA.")

    async def run(self) -> str:
        return await get_weather_alerts(self.state)


class _Tool(BaseModel):
    model_config = ConfigDict(extra="forbid")


class LocationInfo(_Tool):
    """Get city, region and country of an IP address.

    Use it after the IP address is known.
    """

    ipaddress: Annotated[str, Field(description="IPv4 or IPv6 address to look up")]

    async def run(self) -> str:
        return await get_location_info(ipaddress=self.ipaddress)


class IpAddress(_Tool):
    """Get the current public IP address of this computer."""

    async def run(self) -> str:
        return await get_ip_address()


TOOLS = {
    "get_weather_alerts": WeatherAlerts,
    "get_location_info": LocationInfo,
    "get_ip_address": IpAddress,
}
