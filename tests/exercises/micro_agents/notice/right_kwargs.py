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
        expert, shortener = weather_agent(), editor()
        first = await Runner.run(starting_agent=expert, input=question)
        second = await Runner.run(starting_agent=shortener, input=str(first.final_output))
        return str(second.final_output)
