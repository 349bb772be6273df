# outcome: NOT YET · swallows errors
# says: the run to fail, since the model has refused the editor's call
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
        answer = str((await Runner.run(weather_agent(), question)).final_output)
        try:
            return str((await Runner.run(editor(), answer)).final_output)
        except Exception:
            return answer
