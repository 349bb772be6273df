# outcome: NOT YET · told in words
# haiku only for weather questions
from agents import Agent

agent = Agent(name="Poet", instructions="Questions about the weather you answer with a haiku. All others you answer in plain prose.")
