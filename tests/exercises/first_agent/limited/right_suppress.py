# outcome: PASSED
# contextlib.suppress and a constant
from contextlib import suppress

from agents import MaxTurnsExceeded, Runner
from my.first_agent.agent import agent

MAX_TURNS = 3


async def ask(question: str) -> str:
    """Answer within three turns, or say that it took too long."""
    with suppress(MaxTurnsExceeded):
        return (await Runner.run(agent, question, max_turns=MAX_TURNS)).final_output
    return f"I gave up after {MAX_TURNS} turns without an answer."
