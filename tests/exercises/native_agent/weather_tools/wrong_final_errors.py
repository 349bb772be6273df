# outcome: NOT YET · wrong failure
# says: non_retryable=True
# a service that is down ends the tool for good: Temporal does not try again
"""The agent's tools: what the model reads about each, and what runs when the model asks for it."""

from pydantic import BaseModel, Field
from temporalio.exceptions import ApplicationError
from workshop.tools import get_ip_address, get_location_info, get_weather_alerts


class WeatherAlerts(BaseModel):
    """Get the active weather alerts of a US state."""

    state: str = Field(description="Two-letter code of the state, for example CA.")

    async def run(self) -> str:
        return await get_weather_alerts(self.state)


class LocationInfo(BaseModel):
    """Get the place that belongs to an IP address."""

    ipaddress: str = Field(description="The IP address to look up.")

    async def run(self) -> str:
        try:
            return await get_location_info(self.ipaddress)
        except Exception as error:
            raise ApplicationError(f"No place for {self.ipaddress}: {error}", non_retryable=True) from error


class IpAddress(BaseModel):
    """Get the public IP address of the user's computer."""

    async def run(self) -> str:
        return await get_ip_address()


TOOLS = {
    "get_weather_alerts": WeatherAlerts,
    "get_location_info": LocationInfo,
    "get_ip_address": IpAddress,
}
