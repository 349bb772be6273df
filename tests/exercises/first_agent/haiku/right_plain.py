# outcome: PASSED
# instructions as one string
from agents import Agent

agent = Agent(name="Poet", instructions="Answer everything with a haiku.")
