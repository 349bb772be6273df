# outcome: NOT YET · never ends
# says: `await asyncio.sleep(...)` does not
"""My own agent."""

from datetime import timedelta

from agents import Agent, Runner
from temporalio import activity, workflow
from temporalio.openai_agents.workflow import activity_as_tool

@activity.defn
async def count_letters(word: str) -> int:
    """Count the letters of a word."""
    import time

    time.sleep(1)
    return len(word)


QUESTION = "Count the letters of the word 'lighthouse'."


@workflow.defn
class OwnAgent:
    @workflow.run
    async def run(self, question: str) -> str:
        tool = activity_as_tool(count_letters, start_to_close_timeout=timedelta(seconds=10))
        agent = Agent(name="Counter", instructions="Use your tools.", tools=[tool])
        return str((await Runner.run(agent, question)).final_output)
