# outcome: NOT YET
# says: Agent
from agents import Agent
agent = Agent
