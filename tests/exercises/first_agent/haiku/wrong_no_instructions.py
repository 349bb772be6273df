# outcome: NOT YET · told in words
# says: instructions
from agents import Agent
agent = Agent(name="Haiku agent")
