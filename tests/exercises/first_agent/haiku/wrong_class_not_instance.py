# outcome: NOT YET · of another kind
# says: Agent
from agents import Agent
agent = Agent
