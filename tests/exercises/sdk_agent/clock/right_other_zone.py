# outcome: PASSED
from agents import Agent, Runner, function_tool
from temporalio import workflow


from datetime import timedelta, timezone


async def clock() -> str:
    """Get the current time."""
    india = timezone(timedelta(hours=5, minutes=30))
    return "It is " + str(workflow.now().astimezone(india))


get_time = function_tool(clock, name_override="get_time")


@workflow.defn
class Clock:
    @workflow.run
    async def run(self, question: str) -> str:
        agent = Agent(name="Clock", instructions="Answer in one sentence.", tools=[get_time])
        return str((await Runner.run(agent, question)).final_output)
