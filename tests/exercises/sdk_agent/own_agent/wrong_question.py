# outcome: NOT YET · told in words
# says: count_letters
"""My own agent."""

from datetime import timedelta

from agents import Agent, Runner
from temporalio import activity, workflow
from temporalio.openai_agents.workflow import activity_as_tool

QUESTION = "What does the river dream of?"


@activity.defn
async def count_letters(word: str) -> str:
    """Count the letters in a word."""
    return str(len(word))


@workflow.defn
class OwnAgent:
    @workflow.run
    async def run(self, question: str) -> str:
        tool = activity_as_tool(count_letters, start_to_close_timeout=timedelta(seconds=5))
        agent = Agent(name="Letters", instructions="Use your tool.", tools=[tool])
        return str((await Runner.run(agent, question)).final_output)
