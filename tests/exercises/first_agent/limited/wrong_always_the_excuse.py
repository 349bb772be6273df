# outcome: NOT YET · wrong data
# says: answer
from agents import MaxTurnsExceeded, Runner
from my.first_agent.agent import agent

async def ask(question: str) -> str:
    try:
        await Runner.run(agent, question, max_turns=3)
    except MaxTurnsExceeded:
        pass
    return "Too many turns."
