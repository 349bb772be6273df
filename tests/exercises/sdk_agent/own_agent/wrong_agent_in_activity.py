# outcome: NOT YET · outside its place
# says: loop runs in the workflow
"""My own agent."""

from datetime import timedelta

from agents import Agent, Runner, function_tool
from temporalio import activity, workflow
from temporalio.openai_agents.workflow import activity_as_tool

QUESTION = "Multiply the two whole numbers 12 and 34."


@activity.defn
async def multiply_numbers(first: int, second: int) -> str:
    """Multiply two whole numbers."""
    return str(first * second)


@activity.defn
async def ask_agent(question: str) -> str:
    tool = function_tool(multiply_numbers)
    agent = Agent(name="Calculator", instructions="Use your tool.", tools=[tool])
    return str((await Runner.run(agent, question)).final_output)


@workflow.defn
class OwnAgent:
    @workflow.run
    async def run(self, question: str) -> str:
        return await workflow.execute_activity(
            ask_agent, question, start_to_close_timeout=timedelta(minutes=1)
        )
