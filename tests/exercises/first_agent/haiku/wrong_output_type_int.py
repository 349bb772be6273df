# outcome: NOT YET · schema
# output_type makes a haiku impossible
from agents import Agent

agent = Agent(name="Poet", instructions="Answer everything with a haiku.", output_type=int)
