# outcome: PASSED
# instructions from an async function
from agents import Agent


async def poetic(_context, _agent):
    return "Respond to each message with a haiku and nothing else."


agent: Agent = Agent("Poet", instructions=poetic)
