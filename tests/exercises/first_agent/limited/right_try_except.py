# outcome: PASSED
# try around the run, return in both branches
from agents import MaxTurnsExceeded, Runner
from my.first_agent.agent import agent


async def ask(question: str) -> str:
    """Answer within three turns, or say that it took too long."""
    try:
        result = await Runner.run(agent, question, max_turns=3)
    except MaxTurnsExceeded:
        return "Sorry, I could not answer that within three turns."
    return result.final_output
