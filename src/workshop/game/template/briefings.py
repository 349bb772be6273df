"""A briefing a day, with a headline."""

from agents import Agent, Runner
from temporalio import workflow


def headline(text: str) -> str:
    return text.splitlines()[0]


@workflow.defn
class Briefing:
    @workflow.run
    async def run(self, topic: str) -> str:
        agent = Agent(name="Briefing", instructions="Answer in a haiku.")
        result = await Runner.run(agent, f"Write about {topic}.")
        return headline(str(result.final_output))


WORKFLOWS = [Briefing]
ACTIVITIES = []
