# outcome: NOT YET · schema
"""An agent that asks other agents."""

from agents import Agent, Runner
from my.micro_agents.team import local_agent, weather_agent
from temporalio import workflow


def concierge() -> Agent:
    return Agent(
        name="Concierge",
        instructions="Use your tools.",
        tools=[
            weather_agent().as_tool("weather_alerts", None),
            local_agent().as_tool("user_location", None),
        ],
    )


@workflow.defn
class Concierge:
    @workflow.run
    async def run(self, question: str) -> str:
        result = await Runner.run(concierge(), question)
        return f"{result.last_agent.name}: {result.final_output}"
