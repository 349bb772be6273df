"""The agent that two departments share, each with a tool of its own."""

from agents import Agent, Runner
from my.game_day.times import TIMES
from temporalio.openai_agents.workflow import activity_as_tool


async def ask(question: str, tool: object) -> str:
    agent = Agent(
        name="Desk",
        instructions="Use your tool when it fits the question.",
        tools=[activity_as_tool(tool, **TIMES)],
    )
    return str((await Runner.run(agent, question)).final_output)
