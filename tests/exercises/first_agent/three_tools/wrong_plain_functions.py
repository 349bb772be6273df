# outcome: NOT YET · of another kind
# says: function_tool
from agents import Agent, function_tool
from workshop.tools.location import get_ip_address, get_location_info
from workshop.tools.weather import get_weather_alerts

agent = Agent(name="W", instructions="Use tools.", tools=[get_ip_address, get_location_info, get_weather_alerts])
