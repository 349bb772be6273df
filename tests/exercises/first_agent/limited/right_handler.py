# outcome: PASSED
# the SDK's error_handlers
from agents import Runner
from my.first_agent.agent import agent


def too_long(_error) -> str:
    return "That took more than three turns, so I stopped."


async def ask(question: str) -> str:
    """Answer within three turns, or say that it took too long."""
    result = await Runner.run(agent, question, max_turns=3, error_handlers={"max_turns": too_long})
    return str(result.final_output)
