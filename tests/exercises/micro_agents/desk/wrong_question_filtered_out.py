# outcome: NOT YET · forgets
# says: to see the user's question
"""A triage agent that hands questions over."""

from agents import Agent, HandoffInputData, Runner, handoff
from my.micro_agents.team import local_agent, weather_agent
from temporalio import workflow

INSTRUCTIONS = "Hand the question to the agent that fits. Otherwise answer with a haiku."


def triage_agent() -> Agent:
    def fresh(data: HandoffInputData) -> HandoffInputData:
        return HandoffInputData(input_history=(), pre_handoff_items=(), new_items=data.new_items)

    return Agent(
        name="Triage agent",
        instructions=INSTRUCTIONS,
        handoffs=[handoff(weather_agent(), input_filter=fresh), handoff(local_agent(), input_filter=fresh)],
    )


@workflow.defn
class Desk:
    @workflow.run
    async def run(self, question: str) -> str:
        result = await Runner.run(triage_agent(), question)
        return f"{result.last_agent.name}: {result.final_output}"
