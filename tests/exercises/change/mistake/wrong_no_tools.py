# outcome: NOT YET · too much
# says: it does not use get_ip_address, get_location_info, get_weather_alerts
"""A mistake in the project's workflow: new runs answer as before, and old ones cannot go on."""

OLD = "                for tool in TOOLS\n"
NEW = "                for tool in TOOLS[:1]\n"
