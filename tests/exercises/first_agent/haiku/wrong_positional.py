# outcome: NOT YET · told in words
# says: no instructions were sent
# the text became the name, there are no instructions
from agents import Agent

agent = Agent("Answer everything with a haiku.")
