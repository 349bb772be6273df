"""In which steps an agent answers the course's questions, as :mod:`workshop.checks.agent_runs` calls them."""

WEATHER_STEPS = ["model", "get_weather_alerts", "model"]
WHERE_STEPS = ["model", "get_ip_address", "model", "get_location_info", *WEATHER_STEPS]
