# outcome: NOT YET · swallows errors
# says: ModelBehaviorError
# catches AgentsException, the base of all errors of the SDK, not only too many turns
from agents.exceptions import AgentsException
from agents import MaxTurnsExceeded, Runner
from my.first_agent.agent import agent


async def ask(question: str) -> str:
    """Answer within three turns, or say that it took too long."""
    try:
        result = await Runner.run(agent, question, max_turns=3)
    except AgentsException:
        return "Sorry, I could not answer this within three turns."
    return result.final_output
