# outcome: NOT YET · outside its place
# says: loop runs in the workflow
"""My own agent."""

from datetime import timedelta

from agents import Agent, Runner
from temporalio import activity, workflow
from temporalio.openai_agents.workflow import activity_as_tool

QUESTION = "Multiply the two whole numbers 12 and 34."


@activity.defn
async def multiply_numbers(first: int, second: int) -> str:
    """Multiply two whole numbers."""
    return str(first * second)


@workflow.defn
class OwnAgent:
    @workflow.run
    async def run(self, question: str) -> str:
        first, second = [int(word.strip(".")) for word in question.split() if word.strip(".").isdigit()]
        return await workflow.execute_activity(
            multiply_numbers, args=[first, second], start_to_close_timeout=timedelta(seconds=10)
        )
