# outcome: NOT YET · does nothing
# says: None
from agents import MaxTurnsExceeded, Runner
from my.first_agent.agent import agent

async def ask(question: str) -> str:
    try:
        return (await Runner.run(agent, question, max_turns=3)).final_output
    except MaxTurnsExceeded:
        print("Too many turns.")
