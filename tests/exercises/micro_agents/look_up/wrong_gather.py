# outcome: NOT YET · swallows errors
"""One search of the research run."""

import asyncio

from agents import Runner
from my.micro_agents.papers import Search
from my.micro_agents.research_team import searcher
from temporalio.openai_agents import AgentsWorkflowError


async def look_up(search: Search) -> str:
    [result] = await asyncio.gather(
        Runner.run(searcher(), f"Search for: {search.query}"), return_exceptions=True
    )
    if isinstance(result, BaseException):
        cause = result.__cause__
        return f"The search failed: {cause.__cause__ if cause else result}"
    return str(result.final_output)
