# outcome: PASSED
# plain function, function_tool called on it, form in the summary line
from agents import Agent, function_tool
from workshop.tools import weather


async def alerts_for_state(state: str):
    """Active weather alerts for one US state, given as its two-letter code such as TX."""
    alerts = await weather.get_weather_alerts(state)
    return alerts


agent = Agent(
    name="Weather",
    instructions="You tell people about weather alerts. If none of your tools fits the question, reply with a haiku instead.",
    tools=[function_tool(alerts_for_state)],
)
