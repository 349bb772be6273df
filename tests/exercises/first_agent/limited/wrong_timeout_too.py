# outcome: NOT YET · swallows errors
# says: no other limit than three turns
# gives the service two seconds and reports a slow service as a question that is too hard
import asyncio

from agents import MaxTurnsExceeded, Runner
from my.first_agent.agent import agent


async def ask(question: str) -> str:
    """Answer within three turns, or say that it took too long."""
    try:
        run = Runner.run(agent, question, max_turns=3)
        result = await asyncio.wait_for(run, timeout=2)
        return result.final_output
    except (MaxTurnsExceeded, TimeoutError):
        return "That took too long: I stopped after three turns."
