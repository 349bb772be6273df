# outcome: NOT YET · wrong failure
# re-raises as an error of one's own
from agents import MaxTurnsExceeded, Runner
from my.first_agent.agent import agent


async def ask(question: str) -> str:
    """Answer within three turns, or say that it took too long."""
    try:
        return (await Runner.run(agent, question, max_turns=3)).final_output
    except MaxTurnsExceeded as error:
        raise RuntimeError("It took too long.") from error
