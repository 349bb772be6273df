# outcome: PASSED
# a condition beside the haiku for everything
from agents import Agent

agent = Agent(
    name="Haiku agent",
    instructions=(
        "When you are asked something, answer with a haiku and nothing else. "
        "If you do not know the answer, say so in a haiku."
    ),
)
