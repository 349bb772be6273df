# outcome: NOT YET · not awaited
# says: an `await` is missing
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
        alerts = Runner.run(weather_agent(), question)
        notice = await Runner.run(editor(), str(alerts.final_output))
        return str(notice.final_output)
