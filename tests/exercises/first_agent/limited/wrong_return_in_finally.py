# outcome: NOT YET · swallows errors
# says: return answer (`return` in a `finally` discards any error)
# no `except` at all: what `finally` returns takes the place of every error
from agents import MaxTurnsExceeded, Runner
from my.first_agent.agent import agent


async def ask(question: str) -> str:
    """Answer within three turns, or say that it took too long."""
    answer = "I could not answer this question within three turns."
    try:
        result = await Runner.run(agent, question, max_turns=3)
        answer = result.final_output
    finally:
        return answer
