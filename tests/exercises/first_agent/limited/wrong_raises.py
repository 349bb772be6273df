# outcome: NOT YET · wrong failure
# says: MaxTurnsExceeded
from agents import MaxTurnsExceeded, Runner
from my.first_agent.agent import agent

async def ask(question: str) -> str:
    return (await Runner.run(agent, question, max_turns=3)).final_output
