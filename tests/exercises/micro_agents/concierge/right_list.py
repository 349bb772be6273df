# outcome: PASSED
"""An agent that asks other agents."""

from agents import Agent, Runner
from my.micro_agents.team import local_agent, weather_agent
from temporalio import workflow


def concierge() -> Agent:
    told = {
        "weather_alerts": (weather_agent(), "Tells the weather alerts of a US state."),
        "user_location": (local_agent(), "Tells where the user is."),
    }
    tools = [agent.as_tool(name, description) for name, (agent, description) in told.items()]
    return Agent(name="Concierge", instructions="Use your tools.", tools=tools)


@workflow.defn
class Concierge:
    @workflow.run
    async def run(self, question: str) -> str:
        result = await Runner.run(concierge(), question)
        return f"{result.last_agent.name}: {result.final_output}"
