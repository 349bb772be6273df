# outcome: NOT YET · times
# says: `start_to_close_timeout` is 0.001 s, and the tool took
"""My own agent."""

import asyncio
from datetime import timedelta

from agents import Agent, Runner
from temporalio import activity, workflow
from temporalio.openai_agents.workflow import activity_as_tool

QUESTION = "Multiply the two whole numbers 12 and 34."


@activity.defn
async def multiply_numbers(first: int, second: int) -> str:
    """Multiply two whole numbers."""
    await asyncio.sleep(0.5)
    return str(first * second)


@workflow.defn
class OwnAgent:
    @workflow.run
    async def run(self, question: str) -> str:
        tool = activity_as_tool(multiply_numbers, start_to_close_timeout=timedelta(milliseconds=1))
        agent = Agent(name="Calculator", instructions="Use your tool.", tools=[tool])
        result = await Runner.run(agent, question)
        return str(result.final_output)
