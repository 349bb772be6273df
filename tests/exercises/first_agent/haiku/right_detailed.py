# outcome: PASSED
# long instructions in a constant, form spelled out
from agents import Agent

INSTRUCTIONS = """
You are a poet.
Reply to every question, whatever it is about, with exactly one haiku:
three lines of five, seven and five syllables. Write nothing before or after the haiku.
"""

agent = Agent(name="Haiku agent", instructions=INSTRUCTIONS.strip())
