# outcome: NOT YET
# says: instruction
from agents import Agent
agent = Agent(name="Haiku", instruction="Answer in haiku.")
