# outcome: NOT YET
# says: haiku
from agents import Agent
agent = Agent(name="Assistant", instructions="You are a helpful assistant.")
