"""The three tools of the course's story: where am I, where is that, and what weather is coming there.

Each is a plain async function: the Agents SDK makes a tool of it (``function_tool``), Temporal an activity
(``activity.defn``), and a notebook can simply await it. Their docstrings are what a model reads.
"""

from workshop.tools.fetch import ServiceError
from workshop.tools.location import get_ip_address, get_location_info
from workshop.tools.weather import get_weather_alerts

__all__ = ["ServiceError", "get_ip_address", "get_location_info", "get_weather_alerts"]
