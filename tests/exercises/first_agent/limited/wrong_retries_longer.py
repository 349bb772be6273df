# outcome: NOT YET · too much
# tries again with more turns after the limit
from agents import MaxTurnsExceeded, Runner
from my.first_agent.agent import agent


async def ask(question: str) -> str:
    """Answer within three turns, or say that it took too long."""
    for turns in (3, 10):
        try:
            return (await Runner.run(agent, question, max_turns=turns)).final_output
        except MaxTurnsExceeded:
            continue
    return "Sorry, that took too long."
