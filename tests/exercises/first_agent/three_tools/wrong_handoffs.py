# outcome: NOT YET · wiring
# three agents with a tool each, the first has none
from agents import Agent, function_tool
from workshop.tools.location import get_ip_address, get_location_info
from workshop.tools.weather import get_weather_alerts

ip = Agent(name="IP", instructions="Find the IP address.", tools=[function_tool(get_ip_address)])
place = Agent(name="Place", instructions="Say where things are.", tools=[function_tool(get_location_info)])
alerts = Agent(name="Alerts", instructions="Find alerts.", tools=[function_tool(get_weather_alerts)])
agent = Agent(name="Weather agent", instructions="Hand over to the agent that fits.", handoffs=[ip, place, alerts])
