# outcome: NOT YET · wiring
# says: the agent that it asks has get_weather_alerts
"""An agent that asks other agents."""

from agents import Agent, Runner
from my.micro_agents.team import local_agent, weather_agent
from temporalio import workflow


def concierge() -> Agent:
    return Agent(
        name="Concierge",
        instructions="Use your tools.",
        tools=[
            weather_agent().as_tool(
                tool_name="weather_alerts", tool_description="Tells the weather alerts of a US state."
            ),
            weather_agent().as_tool(tool_name="user_location", tool_description="Tells where the user is."),
        ],
    )


@workflow.defn
class Concierge:
    @workflow.run
    async def run(self, question: str) -> str:
        result = await Runner.run(concierge(), question)
        return f"{result.last_agent.name}: {result.final_output}"
