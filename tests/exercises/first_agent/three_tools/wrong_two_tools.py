# outcome: NOT YET · missing
# says: three tools
from agents import Agent, function_tool
from workshop.tools.location import get_ip_address, get_location_info
from workshop.tools.weather import get_weather_alerts

agent = Agent(name="W", instructions="Use tools.", tools=[function_tool(get_ip_address), function_tool(get_weather_alerts)])
