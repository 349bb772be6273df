# outcome: NOT YET · hard-coded
# says: the model was asked something else
# always asks the example question
from agents import MaxTurnsExceeded, Runner
from my.first_agent.agent import agent


async def ask(question: str) -> str:
    """Answer within three turns, or say that it took too long."""
    try:
        return (await Runner.run(agent, "Are there any weather alerts in Texas?", max_turns=3)).final_output
    except MaxTurnsExceeded:
        return "Sorry, that took too long."
