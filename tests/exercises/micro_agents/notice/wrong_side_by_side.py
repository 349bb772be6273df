# outcome: NOT YET · wrong order
# says: the activities model, get_weather_alerts, model, model
"""Two agents, one after the other."""

import asyncio

from agents import Agent, Runner
from my.micro_agents.team import weather_agent
from temporalio import workflow


def editor() -> Agent:
    return Agent(name="Editor", instructions="Shorten the text to a notice of at most 25 words.")


@workflow.defn
class Notice:
    @workflow.run
    async def run(self, question: str) -> str:
        alerts, notice = await asyncio.gather(
            Runner.run(weather_agent(), question), Runner.run(editor(), question)
        )
        return str(notice.final_output)
