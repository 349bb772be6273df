# outcome: NOT YET · swallows errors
# says: the run to fail, since the model has refused the editor's call
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
        text = "\n\n".join(str(result.final_output) for result in results)
        try:
            return str((await Runner.run(editor(), text)).final_output)
        except Exception:
            return text
