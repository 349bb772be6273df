"""The agent: what it is told, and which tools it has."""

from datetime import timedelta

from agents import Agent
from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.openai_agents.workflow import activity_as_tool

with workflow.unsafe.imports_passed_through():
    from takehome_agent.activities import TOOLS

INSTRUCTIONS = "Use your tools when they fit the question. Otherwise answer with a haiku."

# One attempt at a tool may take this long.
TIMEOUT = timedelta(seconds=15)
# Bad arguments stay bad; a service that is down gets two more chances.
ATTEMPTS = RetryPolicy(maximum_attempts=3, non_retryable_error_types=["ValueError"])


def make_agent() -> Agent:
    """A fresh agent: each run makes its own, inside the workflow."""
    tools = [activity_as_tool(tool, start_to_close_timeout=TIMEOUT, retry_policy=ATTEMPTS) for tool in TOOLS]
    return Agent(name="Weather agent", instructions=INSTRUCTIONS, tools=tools)
