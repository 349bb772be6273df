# outcome: NOT YET · wrong data
# says: is between two of them
"""One agent for each state, side by side; then one that joins their answers."""

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
        text = "\n\n".join(
            f"{state}: {result.final_output}" for state, result in zip(states, results)
        )
        result = await Runner.run(editor(), text)
        return result.final_output
