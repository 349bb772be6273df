# outcome: NOT YET · of another kind
# says: weather_alerts and user_location
"""An agent that asks other agents."""

from agents import Agent, Runner
from my.micro_agents.team import local_agent, weather_agent
from temporalio import workflow


def concierge() -> Agent:
    tools = [*weather_agent().tools, *local_agent().tools]
    return Agent(name="Concierge", instructions="Use your tools.", tools=tools)


@workflow.defn
class Concierge:
    @workflow.run
    async def run(self, question: str) -> str:
        result = await Runner.run(concierge(), question)
        return f"{result.last_agent.name}: {result.final_output}"
