# outcome: NOT YET · no limit
# limits seconds, not turns
import asyncio

from agents import Runner
from my.first_agent.agent import agent


async def ask(question: str) -> str:
    """Answer within three turns, or say that it took too long."""
    try:
        return (await asyncio.wait_for(Runner.run(agent, question), 3)).final_output
    except asyncio.TimeoutError:
        return "Sorry, that took too long."
