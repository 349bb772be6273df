# outcome: PASSED
from agents import Agent

agent = Agent(
    name="Haiku",
    instructions="You answer in haiku and never otherwise. Do not write prose, unless it is part of a haiku.",
)
