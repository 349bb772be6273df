# outcome: PASSED
# named tool objects, function_tool called with options
from agents import Agent, function_tool
from workshop.tools.location import get_ip_address, get_location_info
from workshop.tools.weather import get_weather_alerts

ip_tool = function_tool(get_ip_address)
place_tool = function_tool(get_location_info)
alerts_tool = function_tool(get_weather_alerts, failure_error_function=None)

agent = Agent(name="Weather agent", instructions="Help people with their questions about weather.")
agent.tools = [ip_tool, place_tool, alerts_tool]
