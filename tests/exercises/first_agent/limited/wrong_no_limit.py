# outcome: NOT YET · no limit
# says: three
from agents import MaxTurnsExceeded, Runner
from my.first_agent.agent import agent

async def ask(question: str) -> str:
    return (await Runner.run(agent, question)).final_output
