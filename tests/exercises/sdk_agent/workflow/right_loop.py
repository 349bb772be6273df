# outcome: PASSED
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
        tools = []
        for tool in TOOLS:
            options = {"start_to_close_timeout": TIMEOUT, "retry_policy": ATTEMPTS}
            tools.append(activity_as_tool(tool, summary=f"tool {tool.__name__}", **options))
        agent = Agent("Helper", instructions="Use tools if you must, else answer in haiku.", tools=tools)
        result = await Runner.run(agent, question)
        return str(result.final_output)
