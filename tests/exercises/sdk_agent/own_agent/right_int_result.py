# outcome: PASSED
"""My own agent."""

import random
from datetime import timedelta

from agents import Agent, Runner
from temporalio import activity, workflow
from temporalio.openai_agents.workflow import activity_as_tool

QUESTION: str = "Roll a dice with 20 sides."


@activity.defn
async def roll_dice(sides: int) -> int:
    """Roll a dice with this number of sides."""
    return random.randint(1, sides)


@workflow.defn
class OwnAgent:
    @workflow.run
    async def run(self, question: str) -> str:
        dice = activity_as_tool(
            roll_dice,
            start_to_close_timeout=timedelta(seconds=5),
            schedule_to_close_timeout=timedelta(minutes=1),
        )
        agent = Agent(name="Gambler", instructions="Roll the dice you are asked for.", tools=[dice])
        return str((await Runner.run(agent, question)).final_output)
