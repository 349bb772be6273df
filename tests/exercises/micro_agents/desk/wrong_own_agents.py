# outcome: NOT YET · wiring
# says: an agent took over that has no tools
"""A triage agent that hands questions over."""

from agents import Agent, Runner
from my.micro_agents.team import local_agent, weather_agent
from temporalio import workflow

INSTRUCTIONS = "Hand the question to the agent that fits. Otherwise answer with a haiku."


def triage_agent() -> Agent:
    weather = Agent(name="Weather agent", instructions="Answer questions about weather alerts.")
    local = Agent(name="Local info agent", instructions="Answer questions about where the user is.")
    return Agent(name="Triage agent", instructions=INSTRUCTIONS, handoffs=[weather, local])


@workflow.defn
class Desk:
    @workflow.run
    async def run(self, question: str) -> str:
        result = await Runner.run(triage_agent(), question)
        return f"{result.last_agent.name}: {result.final_output}"
