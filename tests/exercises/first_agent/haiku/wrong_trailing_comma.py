# outcome: NOT YET · of another kind
# a trailing comma makes it a tuple
from agents import Agent

agent = Agent(name="Poet", instructions="Answer everything with a haiku."),
