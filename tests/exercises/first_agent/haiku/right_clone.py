# outcome: PASSED
# made from a base agent with clone
from agents import Agent

base = Agent(name="Assistant")
agent = base.clone(name="Haiku assistant", instructions="You always answer in haiku form, never in prose.")
