# outcome: NOT YET · too much
"""One search of the research run."""

from agents import Runner
from my.micro_agents.papers import Search
from my.micro_agents.research_team import searcher
from temporalio.openai_agents import AgentsWorkflowError


async def look_up(search: Search) -> str:
    for attempt in range(3):
        try:
            result = await Runner.run(searcher(), f"Search for: {search.query}")
            return str(result.final_output)
        except AgentsWorkflowError as error:
            reason = error.__cause__.__cause__
    return f"The search failed: {reason}"
