# outcome: NOT YET · does not run
# says: line
from agents import Agent
agent = Agent(name="Haiku", instructions="Answer in haiku."
