# outcome: NOT YET · told in words
# says: make a difference between questions: 'If you do not know the answer'
from agents import Agent

agent = Agent(
    name="Assistant",
    instructions="You are a helpful assistant. If you do not know the answer, reply with a haiku.",
)
