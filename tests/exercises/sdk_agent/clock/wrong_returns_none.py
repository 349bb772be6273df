# outcome: NOT YET · does nothing
# says: got: None
from agents import Agent, Runner, function_tool
from temporalio import workflow


@function_tool
async def get_time() -> str:
    """Get the current time."""
    workflow.now().isoformat()


@workflow.defn
class Clock:
    @workflow.run
    async def run(self, question: str) -> str:
        agent = Agent(name="Clock", instructions="Answer in one sentence.", tools=[get_time])
        return str((await Runner.run(agent, question)).final_output)
