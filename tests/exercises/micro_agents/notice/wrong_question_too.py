# outcome: NOT YET · wrong data
# says: nothing else of the conversation
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
        answer = (await Runner.run(weather_agent(), question)).final_output
        text = f"Question: {question}\nAnswer: {answer}"
        notice = await Runner.run(editor(), text)
        return notice.final_output
