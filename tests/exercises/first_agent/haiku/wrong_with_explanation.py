# outcome: NOT YET · told in words
# says: an answer that is not a haiku
from agents import Agent

agent = Agent(
    name="Haiku",
    instructions="Answer every question with a haiku. Then explain in one or two sentences what the haiku means.",
)
