# outcome: NOT YET · no limit
# lets the run finish and counts the calls afterwards
from agents import Runner
from my.first_agent.agent import agent


async def ask(question: str) -> str:
    """Answer within three turns, or say that it took too long."""
    result = await Runner.run(agent, question)
    if len(result.raw_responses) > 3:
        return "Sorry, that took more than three turns."
    return result.final_output
