# outcome: NOT YET · times
# says: three
from agents import MaxTurnsExceeded, Runner
from my.first_agent.agent import agent

async def ask(question: str) -> str:
    try:
        return (await Runner.run(agent, question, max_turns=2)).final_output
    except MaxTurnsExceeded:
        return "Too many turns."
