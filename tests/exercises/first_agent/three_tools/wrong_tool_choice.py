# outcome: NOT YET · wrong decision
# says: the request forces a choice
# model settings force the first tool
from agents import Agent, ModelSettings, function_tool
from workshop.tools.location import get_ip_address, get_location_info
from workshop.tools.weather import get_weather_alerts

agent = Agent(
    name="Weather agent",
    instructions="Use your tools when they fit the question.",
    tools=[function_tool(get_ip_address), function_tool(get_location_info), function_tool(get_weather_alerts)],
    model_settings=ModelSettings(tool_choice="get_ip_address"),
)
