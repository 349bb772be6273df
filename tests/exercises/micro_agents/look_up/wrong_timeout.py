# outcome: NOT YET · times
"""One search of the research run."""

import asyncio

from agents import Runner
from my.micro_agents.papers import Search
from my.micro_agents.research_team import searcher
from temporalio.openai_agents import AgentsWorkflowError


async def look_up(search: Search) -> str:
    try:
        async with asyncio.timeout(10):
            result = await Runner.run(searcher(), f"Search for: {search.query}")
    except (AgentsWorkflowError, TimeoutError) as error:
        reason = error.__cause__.__cause__ if error.__cause__ else "it took too long"
        return f"The search failed: {reason}"
    return str(result.final_output)
