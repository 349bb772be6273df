# outcome: PASSED
from agents import Agent
agent = Agent(name="Basho", instructions="Always respond with a haiku.")
