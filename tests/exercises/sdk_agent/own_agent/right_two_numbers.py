# outcome: PASSED
"""My own agent."""

from datetime import timedelta

from agents import Agent, Runner
from temporalio import activity, workflow
from temporalio.openai_agents.workflow import activity_as_tool

import asyncio

from temporalio.common import RetryPolicy


@activity.defn
async def multiply_numbers(first: int, second: int) -> str:
    """Multiply two numbers.

    Args:
        first: The first number.
        second: The second number.
    """
    await asyncio.sleep(0.1)
    return f"{first} times {second} is {first * second}."


def make_agent() -> Agent:
    multiply = activity_as_tool(
        multiply_numbers,
        start_to_close_timeout=timedelta(seconds=10),
        retry_policy=RetryPolicy(maximum_attempts=5),
    )
    return Agent(name="Multiplier", instructions="Use the tool for each multiplication.", tools=[multiply])


@workflow.defn(name="OwnAgent")
class OwnAgent:
    @workflow.run
    async def run(self, question: str) -> str:
        result = await Runner.run(make_agent(), question)
        return result.final_output


QUESTION = "Multiply the two numbers: the first number is 6, the second number is 7."
