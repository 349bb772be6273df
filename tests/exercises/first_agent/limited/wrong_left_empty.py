# outcome: NOT YET ATTEMPTED · does nothing
# says: limited.py
from agents import MaxTurnsExceeded, Runner
from my.first_agent.agent import agent


async def ask(question: str) -> str:
    '''Answer within three turns, or say that it took too long.'''
    ...  # your code here
