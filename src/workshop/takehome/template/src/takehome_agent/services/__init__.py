"""The services behind the tools, as plain async functions that raise where a service does not answer."""

from takehome_agent.services.fetch import ServiceError
from takehome_agent.services.location import get_ip_address, get_location_info
from takehome_agent.services.weather import get_weather_alerts

__all__ = ["ServiceError", "get_ip_address", "get_location_info", "get_weather_alerts"]
