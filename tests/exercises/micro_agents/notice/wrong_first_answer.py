# outcome: NOT YET · wrong data
# says: what it said before that
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
        alerts = await Runner.run(weather_agent(), question)
        await Runner.run(editor(), str(alerts.final_output))
        return str(alerts.final_output)
