# outcome: PASSED
"""Two agents, one after the other."""

from agents import Agent, Runner
from my.micro_agents.team import weather_agent
from temporalio import workflow


def editor() -> Agent:
    return Agent(name="Editor", instructions="Shorten the text to a notice of at most 25 words.")


@workflow.defn
class Notice:
    @workflow.run
    async def run(self, question: str) -> str:
        return await self.said(editor(), await self.said(weather_agent(), question))

    async def said(self, agent: Agent, text: str) -> str:
        return (await Runner.run(agent, text)).final_output_as(str)
