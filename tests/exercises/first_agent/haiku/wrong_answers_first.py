# outcome: NOT YET · told in words
# says: nothing but a haiku
# asks for a normal answer first and a haiku after it, so something is added to the haiku
from agents import Agent

INSTRUCTIONS = """
You are a helpful assistant. Answer the question in one or two sentences first.
Then summarise your answer as a haiku (5-7-5).
"""

agent = Agent(name="Haiku assistant", instructions=INSTRUCTIONS)
