# outcome: NOT YET · told in words
# says: nothing but a haiku
# the agent is told to put a title above the haiku, which adds something to it
from agents import Agent

agent = Agent(
    name="Haiku",
    instructions="Always answer with a haiku. Start with a short title, then the haiku's three lines.",
)
