# outcome: NOT YET · outside its place
# says: the model was offered no tool
"""My own agent."""

from datetime import timedelta

from agents import Agent, Runner
from temporalio import activity, workflow
from temporalio.openai_agents.workflow import activity_as_tool

QUESTION = "What is the area of a circle with radius 3?"
TIMEOUT = timedelta(seconds=10)


@activity.defn
async def circle_area(radius: float) -> str:
    """Get the area of a circle with this radius."""
    return f"The area is {3.14159 * radius**2:.2f}."


@workflow.defn
class OwnAgent:
    @workflow.run
    async def run(self, question: str) -> str:
        known = await circle_area(3)
        agent = Agent(name="Geometer", instructions="Use your tools.")
        return str((await Runner.run(agent, f"{question} {known}")).final_output)
