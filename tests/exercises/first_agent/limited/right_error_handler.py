# outcome: PASSED
from agents import Runner, RunErrorHandlerResult
from my.first_agent.agent import agent

def too_long(data):
    return RunErrorHandlerResult(final_output="Too many turns; please ask for less.", include_in_history=False)

async def ask(question: str) -> str:
    result = await Runner.run(agent, question, max_turns=3, error_handlers={"max_turns": too_long})
    return result.final_output
