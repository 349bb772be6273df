# outcome: NOT YET · told in words
# says: nothing but a haiku
# only questions about poetry get a haiku, everything else an ordinary answer
from agents import Agent

agent = Agent(
    name="Poet",
    instructions="If the user asks for a poem, answer with a haiku. Answer all other questions briefly.",
)
