# outcome: PASSED
# instructions from a function
from agents import Agent, RunContextWrapper


def instructions(context: RunContextWrapper, agent: Agent) -> str:
    return f"You are {agent.name}. Whatever you are asked, you only respond with a haiku."


agent = Agent(name="Basho", instructions=instructions)
