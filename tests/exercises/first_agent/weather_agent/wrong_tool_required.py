# outcome: NOT YET · too much
# says: tool_choice is "required"
from agents import Agent, ModelSettings, function_tool
from workshop.tools import weather


@function_tool
async def get_alerts(state: str) -> str:
    """Get the active weather alerts of a US state.

    Args:
        state: Two-letter code of the state, for example CA.
    """
    return await weather.get_weather_alerts(state)


agent = Agent(
    name="Weather agent",
    instructions="Use your tool for weather alerts. If no tool fits the question, answer with a haiku.",
    tools=[get_alerts],
    model_settings=ModelSettings(tool_choice="required"),
    reset_tool_choice=False,
)
