# outcome: PASSED
"""One search of the research run."""

from agents import Runner
from my.micro_agents.papers import Search
from my.micro_agents.research_team import searcher
from temporalio.openai_agents import AgentsWorkflowError


async def look_up(search: Search) -> str:
    try:
        result = await Runner.run(searcher(), f"Search for: {search.query}")
        return str(result.final_output)
    except AgentsWorkflowError as error:
        return note(error)


def note(error: AgentsWorkflowError) -> str:
    failed = error.__cause__
    why = getattr(failed, "cause", None) or failed or error
    return f"The search failed for a reason: {why}"
