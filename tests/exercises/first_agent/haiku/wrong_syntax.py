# outcome: NOT YET
# says: line
from agents import Agent
agent = Agent(name="Haiku", instructions="Answer in haiku."
