# outcome: PASSED
"""One search of the research run."""

from agents import Runner
from my.micro_agents.papers import Search
from my.micro_agents.research_team import searcher
from temporalio.exceptions import ActivityError, is_cancelled_exception
from temporalio.openai_agents import AgentsWorkflowError


async def look_up(search: Search) -> str:
    try:
        result = await Runner.run(searcher(), f"Search for: {search.query}")
    except AgentsWorkflowError as error:
        failure = error.__cause__
        if failure is not None and is_cancelled_exception(failure):
            raise
        reason = failure.cause if isinstance(failure, ActivityError) else error
        return f"The search failed, because of this: {reason}"
    else:
        return str(result.final_output)
