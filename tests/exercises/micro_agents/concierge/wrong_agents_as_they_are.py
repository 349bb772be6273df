# outcome: NOT YET · of another kind
# says: the agent 'Weather agent' itself
"""An agent that asks other agents."""

from agents import Agent, Runner
from my.micro_agents.team import local_agent, weather_agent
from temporalio import workflow


def concierge() -> Agent:
    return Agent(name="Concierge", instructions="Use your tools.", tools=[weather_agent(), local_agent()])


@workflow.defn
class Concierge:
    @workflow.run
    async def run(self, question: str) -> str:
        result = await Runner.run(concierge(), question)
        return f"{result.last_agent.name}: {result.final_output}"
