# outcome: NOT YET · wrong order
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
        limit = asyncio.Semaphore(3)

        async def answer(question: str) -> str:
            async with limit:
                return (await Runner.run(weather_agent(), question)).final_output

        answers = await asyncio.gather(*[answer(question) for question in questions])
        return (await Runner.run(editor(), "\n\n".join(answers))).final_output
