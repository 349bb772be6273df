# outcome: NOT YET · outside its place
# says: my/sdk_agent/own_agent.py: import httpx
"""My own agent."""

from datetime import timedelta

import httpx
from agents import Agent, Runner
from temporalio import activity, workflow
from temporalio.openai_agents.workflow import activity_as_tool

QUESTION = "What is the IP address of this computer?"


with workflow.unsafe.imports_passed_through():
    from workshop.tools import get_ip_address


@activity.defn
async def use_tool() -> str:
    """Get the IP address of this computer."""
    return await get_ip_address() + str(httpx.URL("http://127.0.0.1"))


@workflow.defn
class OwnAgent:
    @workflow.run
    async def run(self, question: str) -> str:
        tool = activity_as_tool(use_tool, start_to_close_timeout=timedelta(seconds=5))
        agent = Agent(name="Letters", instructions="Use your tool.", tools=[tool])
        return str((await Runner.run(agent, question)).final_output)
