# outcome: NOT YET · swallows errors
# says: of a model call that was refused it made
"""One search of the research run."""

from agents import Runner
from my.micro_agents.papers import Search
from my.micro_agents.research_team import searcher
from temporalio.openai_agents import AgentsWorkflowError
from temporalio.exceptions import ActivityError, ApplicationError


async def look_up(search: Search) -> str:
    try:
        result = await Runner.run(searcher(), f"Search for: {search.query}")
    except (AgentsWorkflowError, ActivityError) as error:
        inner = error.__cause__
        while inner.__cause__ and not isinstance(inner, ApplicationError):
            inner = inner.__cause__
        return f"The search failed: {inner}"
    return str(result.final_output)
