# outcome: NOT YET · wrong failure
# says: a TaskGroup raises an ExceptionGroup
"""One agent for each state, side by side; then one that joins what they say."""

import asyncio

from agents import Agent, Runner
from my.micro_agents.team import weather_agent
from temporalio import workflow


def editor() -> Agent:
    return Agent(name="Editor", instructions="Write a bulletin: one line for each state.")


@workflow.defn
class Bulletin:
    @workflow.run
    async def run(self, states: list[str]) -> str:
        questions = [f"Are there any weather alerts in {state}?" for state in states]
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(Runner.run(weather_agent(), question)) for question in questions]
        text = "\n\n".join(str(task.result().final_output) for task in tasks)
        return str((await Runner.run(editor(), text)).final_output)
