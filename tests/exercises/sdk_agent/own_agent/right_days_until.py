# outcome: PASSED
"""My own agent."""

from datetime import UTC, date, datetime, timedelta

from agents import Agent, Runner
from temporalio import activity, workflow
from temporalio.exceptions import ApplicationError
from temporalio.openai_agents.workflow import activity_as_tool

@workflow.defn
class OwnAgent:
    @workflow.run
    async def run(self, question: str) -> str:
        agent = Agent(
            name="Calendar",
            instructions="Use your tools when they fit the question.",
            tools=[activity_as_tool(days_until_date, start_to_close_timeout=timedelta(seconds=15))],
        )
        outcome = await Runner.run(agent, question)
        return outcome.final_output_as(str)


@activity.defn
async def days_until_date(day: str) -> str:
    """Get the number of days until a date, given as YYYY-MM-DD."""
    try:
        then = date.fromisoformat(day)
    except ValueError as error:
        raise ApplicationError(f"{day} is no date", non_retryable=True) from error
    return f"{(then - datetime.now(UTC).date()).days} days"


QUESTION = "How many days until the date 2030-01-01?"
