# outcome: NOT YET · wrong data
# says: it was given a conversation of 4 items
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
        first = await Runner.run(weather_agent(), question)
        return (await Runner.run(editor(), first.to_input_list())).final_output
