# outcome: PASSED
from agents import AgentsException, Runner
from my.first_agent.agent import agent

async def ask(question):
    outcome = "Sorry, three turns were not enough."
    try:
        outcome = (await Runner.run(starting_agent=agent, input=question, max_turns=3)).final_output
    except AgentsException:
        pass
    return outcome
