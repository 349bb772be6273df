# outcome: NOT YET · missing
# says: `agent`
from agents import Agent
haiku_agent = Agent(name="Haiku", instructions="Answer in haiku.")
