# outcome: NOT YET · does not run
# says: look at: my/first_agent/haiku.py: agent = Agent(
from agents import Agent
agent = Agent(name="Haiku", instructions="Answer in haiku."
