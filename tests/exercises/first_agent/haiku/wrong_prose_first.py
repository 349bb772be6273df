# outcome: NOT YET · told in words
# a prose answer with a haiku after it
from agents import Agent

agent = Agent(name="Poet", instructions="Answer the question in two sentences of prose. If there is room left, add a haiku.")
