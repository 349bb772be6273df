# outcome: NOT YET · swallows errors
# says: any other error to be raised
# every error, also an unreachable model, is reported as too many turns
from agents import MaxTurnsExceeded, Runner
from my.first_agent.agent import agent


async def ask(question: str) -> str:
    """Answer within three turns, or say that it took too long."""
    try:
        result = await Runner.run(agent, question, max_turns=3)
        return result.final_output
    except Exception:
        return "Sorry, I could not answer within three turns."
