# outcome: NOT YET · told in words
# says: haiku
from agents import Agent
agent = Agent(name="Assistant", instructions="You are a helpful assistant.")
