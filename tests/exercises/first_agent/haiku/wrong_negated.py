# outcome: NOT YET · told in words
# instructions forbid the haiku
from agents import Agent

agent = Agent(name="Poet", instructions="Answer briefly. Never answer with a haiku.")
