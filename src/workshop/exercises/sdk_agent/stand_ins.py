"""What stands in where an exercise is about another part: an agent without tools, and every activity."""

from __future__ import annotations

from collections.abc import Sequence

from agents import Agent, Runner
from temporalio import activity, workflow
from temporalio.common import RawValue


@activity.defn(dynamic=True)
async def anything(_arguments: Sequence[RawValue]) -> str:
    """Stands in for every activity that a worker does not know, so that a run which asks for one goes on."""
    return ""


@workflow.defn
class Poet:
    """An agent without tools: one model call."""

    @workflow.run
    async def run(self, question: str) -> str:
        """Answer in haiku."""
        agent = Agent(name="Poet", instructions="Answer with a haiku.")
        return str((await Runner.run(agent, question)).final_output)
