# outcome: NOT YET · wrong order
# says: the answers in the order of the questions
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
        results = await asyncio.gather(*[Runner.run(weather_agent(), question) for question in questions])
        answers = "\n\n".join(str(result.final_output) for result in reversed(results))
        bulletin = await Runner.run(editor(), answers)
        return str(bulletin.final_output)
