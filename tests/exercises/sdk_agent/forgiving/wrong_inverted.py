# outcome: NOT YET · wrong decision
# says: whose model is to be told why
import dataclasses

from agents import Agent, FunctionTool, Runner
from agents.tool_context import ToolContext
from my.sdk_agent.workflow import ATTEMPTS, INSTRUCTIONS, TIMEOUT
from temporalio import workflow
from temporalio.exceptions import ActivityError, is_cancelled_exception
from temporalio.openai_agents.workflow import activity_as_tool

with workflow.unsafe.imports_passed_through():
    from my.sdk_agent.activities import get_weather_alerts


def forgiving(tool: FunctionTool) -> FunctionTool:
    async def invoke(context: ToolContext, arguments: str) -> str:
        try:
            return await tool.on_invoke_tool(context, arguments)
        except ActivityError as error:
            if not is_cancelled_exception(error):
                raise
            return f"The tool failed: {error.cause}"

    return dataclasses.replace(tool, on_invoke_tool=invoke)


@workflow.defn
class ForgivingAgent:
    @workflow.run
    async def run(self, question: str) -> str:
        alerts = activity_as_tool(get_weather_alerts, start_to_close_timeout=TIMEOUT, retry_policy=ATTEMPTS)
        agent = Agent(name="Weather agent", instructions=INSTRUCTIONS, tools=[forgiving(alerts)])
        return str((await Runner.run(agent, question)).final_output)
