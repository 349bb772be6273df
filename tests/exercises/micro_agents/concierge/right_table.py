# outcome: PASSED
"""An agent that asks other agents."""

from agents import Agent, Runner
from my.micro_agents.team import local_agent, weather_agent
from temporalio import workflow


def concierge() -> Agent:
    experts = [
        (weather_agent(), "weather_alerts", "Tells the weather alerts of a US state."),
        (local_agent(), "user_location", "Tells where the user is."),
    ]
    agent: Agent = Agent(name="Concierge", instructions="Use your tools.")
    agent.tools += [
        expert.as_tool(tool_name=name, tool_description=description)
        for expert, name, description in experts
    ]
    return agent


@workflow.defn
class Concierge:
    @workflow.run
    async def run(self, question: str) -> str:
        result = await Runner.run(concierge(), question)
        return f"{result.last_agent.name}: {result.final_output}"
