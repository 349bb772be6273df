# outcome: NOT YET · does not run
# says: instruction
from agents import Agent
agent = Agent(name="Haiku", instruction="Answer in haiku.")
