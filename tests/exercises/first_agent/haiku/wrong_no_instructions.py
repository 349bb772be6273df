# outcome: NOT YET
# says: instructions
from agents import Agent
agent = Agent(name="Haiku agent")
