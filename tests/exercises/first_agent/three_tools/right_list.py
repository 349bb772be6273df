# outcome: PASSED
from agents import Agent, function_tool
from workshop.tools.location import get_ip_address, get_location_info
from workshop.tools.weather import get_weather_alerts

tools = [function_tool(f) for f in (get_ip_address, get_location_info, get_weather_alerts)]
agent = Agent(name="Anything", instructions="Help.", tools=tools)
