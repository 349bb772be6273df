# outcome: NOT YET · told in words
# says: a tool is called step_1_get_ip_address
# the tools' names say the order
from agents import Agent, function_tool
from workshop.tools.location import get_ip_address, get_location_info
from workshop.tools.weather import get_weather_alerts

agent = Agent(
    name="Weather agent",
    instructions="Use your tools when they fit the question. Otherwise answer with a haiku.",
    tools=[function_tool(get_ip_address, name_override="step_1_get_ip_address"), function_tool(get_location_info, name_override="step_2_get_location_info"), function_tool(get_weather_alerts, name_override="step_3_get_weather_alerts")],
)
