# outcome: PASSED
from datetime import timedelta

from agents import Agent, Runner
from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.openai_agents.workflow import activity_as_tool

with workflow.unsafe.imports_passed_through():
    from my.sdk_agent import activities

LIMITED = RetryPolicy(
    initial_interval=timedelta(milliseconds=500),
    maximum_attempts=3,
    non_retryable_error_types=["ValueError"],
)


def tool(function):
    return activity_as_tool(function, start_to_close_timeout=timedelta(seconds=15), retry_policy=LIMITED)


AGENT = Agent(
    name="Weather agent",
    instructions="Use your tools when they fit the question. Otherwise answer with a haiku.",
    tools=[
        tool(activities.get_ip_address),
        tool(activities.get_location_info),
        tool(activities.get_weather_alerts),
    ],
)


@workflow.defn
class WeatherAgent:
    @workflow.run
    async def run(self, question: str) -> str:
        result = await Runner.run(starting_agent=AGENT, input=question, max_turns=20)
        return result.final_output_as(str)
