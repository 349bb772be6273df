# outcome: PASSED
# list(map(...)), no instructions at all
from agents import Agent, function_tool
from workshop.tools.location import get_ip_address, get_location_info
from workshop.tools.weather import get_weather_alerts

agent = Agent(name="Assistant", tools=list(map(function_tool, [get_location_info, get_weather_alerts, get_ip_address])))
