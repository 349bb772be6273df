# outcome: NOT YET · of another kind
# says: a plain `def`
from agents import Agent, Runner, function_tool
from temporalio import workflow


@function_tool
def get_time() -> str:
    """Get the current time."""
    return workflow.now().isoformat()


@workflow.defn
class Clock:
    @workflow.run
    async def run(self, question: str) -> str:
        agent = Agent(name="Clock", instructions="Answer in one sentence.", tools=[get_time])
        return str((await Runner.run(agent, question)).final_output)
