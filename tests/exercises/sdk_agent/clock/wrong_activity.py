# outcome: NOT YET · of another kind
# says: an activity as a tool
from agents import Agent, Runner, function_tool
from temporalio import workflow


from datetime import datetime, timedelta

from temporalio import activity
from temporalio.openai_agents.workflow import activity_as_tool


@activity.defn
async def get_time() -> str:
    """Get the current time."""
    return datetime.now().isoformat()


get_time = activity_as_tool(get_time, start_to_close_timeout=timedelta(seconds=5))


@workflow.defn
class Clock:
    @workflow.run
    async def run(self, question: str) -> str:
        agent = Agent(name="Clock", instructions="Answer in one sentence.", tools=[get_time])
        return str((await Runner.run(agent, question)).final_output)
