# outcome: NOT YET · told in words
# says: instructions that make a difference between questions
# a haiku only for what is not about the weather
from agents import Agent

agent = Agent(
    name="Haiku",
    instructions="Say that you cannot know if you are asked about the weather. Otherwise answer with a haiku.",
)
