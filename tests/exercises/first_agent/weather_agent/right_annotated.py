# outcome: PASSED
from typing import Annotated
from agents import Agent, function_tool
from pydantic import Field
from workshop.tools import weather

async def state_alerts(state: Annotated[str, Field(description="two-letter state code, like TX")]) -> str:
    "Look up the weather alerts that are active in a state."
    text = await weather.get_weather_alerts(state)
    return text

agent = Agent(name="Weather", instructions="Use the tool if it helps, or reply in haiku.", tools=[function_tool(state_alerts)])
