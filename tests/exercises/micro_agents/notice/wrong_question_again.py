# outcome: NOT YET · wrong data
# says: the editor to be given the weather agent's answer
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
        await Runner.run(weather_agent(), question)
        notice = await Runner.run(editor(), question)
        return str(notice.final_output)
