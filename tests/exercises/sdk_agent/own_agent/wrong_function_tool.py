# outcome: NOT YET · of another kind
# says: no function with @activity.defn
"""My own agent."""

from datetime import timedelta

from agents import Agent, Runner, function_tool
from temporalio import activity, workflow
from temporalio.openai_agents.workflow import activity_as_tool

QUESTION = "How many letters are in the word durability?"


async def count_letters(word: str) -> str:
    """Count the letters in a word."""
    return str(len(word))


@workflow.defn
class OwnAgent:
    @workflow.run
    async def run(self, question: str) -> str:
        tool = function_tool(count_letters)
        agent = Agent(name="Letters", instructions="Use your tool.", tools=[tool])
        return str((await Runner.run(agent, question)).final_output)
