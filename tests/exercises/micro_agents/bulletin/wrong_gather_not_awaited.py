# outcome: NOT YET · not awaited
# says: without it, `asyncio.gather`
"""One agent for each state, side by side; then one that joins what they say."""

import asyncio

from agents import Agent, Runner
from my.micro_agents.team import weather_agent
from temporalio import workflow


def editor() -> Agent:
    return Agent(name="Editor", instructions="Write a bulletin: one line for each state.")


@workflow.defn
class Bulletin:
    @workflow.run
    async def run(self, states: list[str]) -> str:
        questions = [f"Are there any weather alerts in {state}?" for state in states]
        answers = asyncio.gather(*[Runner.run(weather_agent(), question) for question in questions])
        bulletin = await Runner.run(editor(), "\n\n".join(answers))
        return str(bulletin.final_output)
