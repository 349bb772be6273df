# outcome: PASSED
# run_streamed, drains the events
from agents import MaxTurnsExceeded, Runner
from my.first_agent.agent import agent


async def ask(question: str) -> str:
    """Answer within three turns, or say that it took too long."""
    run = Runner.run_streamed(agent, question, max_turns=3)
    try:
        async for _ in run.stream_events():
            pass
    except MaxTurnsExceeded:
        return "No answer: three turns were not enough for this question."
    return str(run.final_output)
