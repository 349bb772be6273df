# outcome: NOT YET · wrong decision
# says: the model was not asked again
from agents import Agent, function_tool
from workshop.tools.location import get_ip_address, get_location_info
from workshop.tools.weather import get_weather_alerts

agent = Agent(
    name="W",
    instructions="Use tools.",
    tools=[function_tool(t) for t in (get_weather_alerts, get_location_info, get_ip_address)],
    tool_use_behavior="stop_on_first_tool",
)
