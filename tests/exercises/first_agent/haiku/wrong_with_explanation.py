# outcome: NOT YET · told in words
# says: the instructions ask for more than a haiku
from agents import Agent

agent = Agent(
    name="Haiku",
    instructions="Answer every question with a haiku. Then explain in one or two sentences what the haiku means.",
)
