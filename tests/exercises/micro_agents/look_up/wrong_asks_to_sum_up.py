# outcome: NOT YET · too much
"""One search of the research run."""

from agents import Runner
from my.micro_agents.papers import Search
from my.micro_agents.research_team import searcher
from temporalio.openai_agents import AgentsWorkflowError


async def look_up(search: Search) -> str:
    try:
        result = await Runner.run(searcher(), f"Search for: {search.query}")
    except AgentsWorkflowError as error:
        result = await Runner.run(searcher(), f"Say that the search failed: {error.__cause__.__cause__}")
    return str(result.final_output)
