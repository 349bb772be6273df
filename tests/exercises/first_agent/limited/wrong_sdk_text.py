# outcome: NOT YET · error text
# says: a sentence of your own
from agents import MaxTurnsExceeded, Runner
from my.first_agent.agent import agent


async def ask(question: str) -> str:
    """Answer within three turns, or say that it took too long."""
    try:
        result = await Runner.run(agent, question, max_turns=3)
        return result.final_output
    except MaxTurnsExceeded as error:
        return str(error)
