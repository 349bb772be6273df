# outcome: NOT YET · forgets
# says: in another run
from agents import Agent, Runner, function_tool
from temporalio import workflow


_kept: list[str] = []


@function_tool
async def get_time() -> str:
    """Get the current time."""
    if not _kept:
        _kept.append(workflow.now().isoformat())
    return _kept[0]


@workflow.defn
class Clock:
    @workflow.run
    async def run(self, question: str) -> str:
        agent = Agent(name="Clock", instructions="Answer in one sentence.", tools=[get_time])
        return str((await Runner.run(agent, question)).final_output)
