# outcome: NOT YET · no limit
# says: got: no limit
"""The weather agent, as a workflow."""

from datetime import timedelta

from agents import Agent, Runner
from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.openai_agents.workflow import activity_as_tool

with workflow.unsafe.imports_passed_through():
    from my.sdk_agent.activities import TOOLS

INSTRUCTIONS = "Use your tools when they fit the question. Otherwise answer with a haiku."
TIMEOUT = timedelta(seconds=15)
ATTEMPTS = RetryPolicy(maximum_attempts=3, non_retryable_error_types=["ValueError"])


@workflow.defn
class WeatherAgent:
    @workflow.run
    async def run(self, question: str) -> str:
        agent = Agent(
            name="Weather agent",
            instructions=INSTRUCTIONS,
            tools=[
                activity_as_tool(tool, start_to_close_timeout=TIMEOUT)
                for tool in TOOLS
            ],
        )
        result = await Runner.run(agent, question)
        return str(result.final_output)
