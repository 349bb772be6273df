# outcome: NOT YET · wrong data
# says: RunResult
from agents import MaxTurnsExceeded, Runner
from my.first_agent.agent import agent

async def ask(question: str) -> str:
    try:
        return await Runner.run(agent, question, max_turns=3)
    except MaxTurnsExceeded:
        return "Too many turns."
