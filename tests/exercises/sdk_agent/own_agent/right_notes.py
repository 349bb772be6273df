# outcome: PASSED
from datetime import timedelta

from agents import Agent, Runner
from temporalio import activity, workflow
from temporalio.common import RetryPolicy
from temporalio.openai_agents.workflow import activity_as_tool

QUESTION = "Please convert 25 degrees Celsius to Fahrenheit."


@activity.defn
async def convert_celsius(celsius: float) -> dict:
    """Convert a temperature in degrees Celsius to Fahrenheit."""
    return {"fahrenheit": celsius * 9 / 5 + 32}


@activity.defn
async def roll_dice(sides: int) -> int:
    """Roll dice."""
    return sides


TOOLS = [convert_celsius, roll_dice]


@workflow.defn(name="Converter")
class OwnAgent:
    def __init__(self) -> None:
        options = {"start_to_close_timeout": timedelta(seconds=5), "retry_policy": RetryPolicy(maximum_attempts=2)}
        self.agent = Agent("Converter", tools=[activity_as_tool(one, **options) for one in TOOLS])

    @workflow.run
    async def run(self, question: str) -> str:
        result = await Runner.run(self.agent, question)
        return result.final_output
