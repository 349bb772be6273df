# outcome: PASSED
"""One search of the research run."""

from agents import Runner
from my.micro_agents.papers import Search
from my.micro_agents.research_team import searcher
from temporalio.openai_agents import AgentsWorkflowError


async def look_up(search: Search) -> str:
    try:
        return (await Runner.run(searcher(), f"Search for: {search.query}")).final_output_as(str)
    except AgentsWorkflowError as error:
        cause: BaseException = error
        while cause.__cause__ is not None:
            cause = cause.__cause__
        return f"The search failed: {cause}"
