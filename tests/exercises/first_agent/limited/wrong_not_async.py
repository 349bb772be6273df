# outcome: NOT YET · of another kind
# says: async
from agents import MaxTurnsExceeded, Runner
from my.first_agent.agent import agent

def ask(question: str) -> str:
    try:
        return Runner.run_sync(agent, question, max_turns=3).final_output
    except MaxTurnsExceeded:
        return "Too many turns."
