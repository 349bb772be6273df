# outcome: PASSED
"""My own agent."""

from datetime import timedelta

from agents import Agent, Runner
from temporalio import activity, workflow
from temporalio.common import RetryPolicy
from temporalio.openai_agents.workflow import activity_as_tool

with workflow.unsafe.imports_passed_through():
    import platform


@activity.defn
async def get_python_version() -> str:
    """Get the version of Python that runs on this computer."""
    return platform.python_version()


TOOLS = [get_python_version]
QUESTION = "Which version of Python runs on this computer?"


@workflow.defn
class OwnAgent:
    @workflow.run
    async def run(self, question: str) -> str:
        options = {
            "start_to_close_timeout": timedelta(seconds=5),
            "retry_policy": RetryPolicy(maximum_attempts=3),
        }
        agent = Agent(
            name="Python agent",
            instructions="You answer questions about this computer.",
            tools=[activity_as_tool(tool, **options) for tool in TOOLS],
        )
        return (await Runner.run(agent, question)).final_output
