# outcome: PASSED
from agents import Agent, Runner, function_tool
from temporalio import workflow


@function_tool(name_override="get_time", description_override="Tell what time it is now.")
async def get_time() -> str:
    now = workflow.now()
    return f"{now:%H:%M} o'clock, {now:%A}"


@workflow.defn
class Clock:
    @workflow.run
    async def run(self, question: str) -> str:
        agent = Agent(name="Clock", instructions="Answer in one sentence.", tools=[get_time])
        return str((await Runner.run(agent, question)).final_output)
