# outcome: NOT YET · wrong order
# says: they are in the order
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
        text = "\n\n".join(sorted(str(result.final_output) for result in results))
        return str((await Runner.run(editor(), text)).final_output)
