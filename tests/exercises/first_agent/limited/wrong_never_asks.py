# outcome: NOT YET · does nothing
# says: model call
from agents import MaxTurnsExceeded, Runner
from my.first_agent.agent import agent

async def ask(question: str) -> str:
    return "I could not find an answer in three turns."
